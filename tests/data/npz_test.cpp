#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zip.h>

#include <lockstep/data/npy_source.h>
#include <lockstep/data/registry.h>

#include "counting_source.h"
#include "error_of.h"
#include "npy_bytes.h"
#include "scratch_test.h"

namespace lockstep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Runs with archives of numpy.savez and of numpy.savez_compressed.
class Npz : public ScratchTest, public testing::WithParamInterface<zip_int32_t> {
protected:
    std::string save(const std::string& name, const std::map<std::string, std::string>& members) const {
        zip_t* archive = zip_open(path(name).c_str(), ZIP_CREATE | ZIP_EXCL, nullptr);
        for (const auto& [member, bytes] : members) {
            zip_source_t* source = zip_source_buffer(archive, bytes.data(), bytes.size(), 0);
            const auto index = zip_file_add(archive, (member + ".npy").c_str(), source, 0);
            zip_set_file_compression(archive, static_cast<zip_uint64_t>(index), GetParam(), 0);
        }
        if (zip_close(archive) != 0) throw std::runtime_error("no archive " + name);
        return path(name);
    }
    std::string message_for(const NpySource::Options& options) const {
        return error_of<DataError>([&] { NpySource source(options); });
    }
    std::string contents(const std::string& name) const {
        std::ifstream file(path(name), std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
};

TEST_P(Npz, ArraysByName) {
    save("run_1.npz", {{"x", npy_counting("(2, 2)", 4, 0)},
                       {"T", npy_counting("(2, 1)", 2, 50)},
                       {"y", npy_counting("(2,)", 2, 100)},
                       {"w", npy_counting("(2,)", 2, 1)}});
    save("run_2.npz", {{"x", npy_counting("(3, 2)", 6, 10)},
                       {"T", npy_counting("(3, 1)", 3, 60)},
                       {"y", npy_counting("(3,)", 3, 110)},
                       {"w", npy_counting("(3,)", 3, 3)}});
    const Config data = Config::from_json(R"({"source": "npy", "train": {"file": "run_*.npz",
        "inputs": ["x", "T.npy"], "targets": "y", "sample_weight": "w"}})");
    const auto source = make_source(data, DataPart::train, directory_);
    EXPECT_EQ(source->size(), 5U);
    EXPECT_EQ(source->describe(), "npy run_1.npz and 1 more");
    const Rows rows = read_rows(*source, {4, 1, 2}, true);
    EXPECT_THAT(rows.inputs, ElementsAre(14, 15, 62, 2, 3, 51, 10, 11, 60));
    EXPECT_THAT(rows.targets, ElementsAre(112, 101, 110));
    EXPECT_THAT(rows.weights, ElementsAre(5, 2, 3));
}

TEST_P(Npz, LongArrays) {
    constexpr std::size_t kRows = 700'000;  // more than the pieces in which members are inflated
    const std::string file = save("x.npz", {{"x", npy_counting("(700000,)", kRows, 0)}});
    const NpySource source({.inputs = {{{file}, "x"}}});
    EXPECT_THAT(read_rows(source, {kRows - 1, 0, 345'678}).inputs, ElementsAre(699'999, 0, 345'678));
}

TEST_P(Npz, WhatIsMissingIsNamed) {
    const std::string file =
        save("a.npz", {{"x", npy_counting("(2,)", 2, 0)}, {"y", npy_counting("(2,)", 2, 0)}});
    EXPECT_THAT(message_for({.inputs = {{{file}, "z"}}}),
                HasSubstr("a.npz: there is no member z.npy; there are: x, y"));
    EXPECT_THAT(message_for({.inputs = {{{write("b.npz", bytes_of("no archive"))}, "x"}}}),
                HasSubstr("b.npz: cannot be opened as a zip archive (.npz)"));
}

TEST_P(Npz, MalformedArraysAreNamed) {
    const std::string pickled = npy_file(npy_dictionary("|O", "(2,)"), "01234567");
    const std::string huge = npy_file(npy_dictionary("<f4", "(1099511627776,)"), "01234567");
    const std::string file = save("a.npz", {{"pickled", pickled}, {"huge", huge}});
    EXPECT_THAT(message_for({.inputs = {{{file}, "pickled"}}}),
                HasSubstr("a.npz: pickled: elements of type '|O'"));
    EXPECT_THAT(message_for({.inputs = {{{file}, "huge"}}}),
                HasSubstr("a.npz: huge: truncated: expected 4398046511232 bytes"));
}

TEST_P(Npz, PromisesThatCannotBeTrueAreRefused) {
    save("a.npz", {{"x", npy_counting("(2,)", 2, 0)}});
    std::string bytes = contents("a.npz");
    const std::size_t entry = bytes.rfind("PK\1\2");  // in the directory: 4 bytes of size at 24
    for (const std::size_t place : {entry + 24, std::size_t{22}}) bytes.replace(place, 4, "\0\0\0\x70", 4);
    EXPECT_THAT(message_for({.inputs = {{{write("b.npz", bytes_of(bytes))}, "x"}}}),
                HasSubstr("b.npz: x.npy: damaged: 1879048192 bytes cannot come from"));
}

INSTANTIATE_TEST_SUITE_P(All, Npz, testing::Values(ZIP_CM_STORE, ZIP_CM_DEFLATE), [](const auto& chosen) {
    return chosen.param == ZIP_CM_STORE ? "Stored" : "Deflated";
});

using DeflatedNpz = Npz;

TEST_P(DeflatedNpz, DamageIsFoundWhenItIsOpened) {
    save("a.npz", {{"x", npy_counting("(1000,)", 1000, 0)}});
    std::string bytes = contents("a.npz");
    const std::size_t middle = bytes.rfind("PK\1\2") / 2;
    bytes[middle] = static_cast<char>(~bytes[middle]);
    EXPECT_THAT(message_for({.inputs = {{{write("b.npz", bytes_of(bytes))}, "x"}}}),
                HasSubstr("b.npz: x.npy: cannot be read: "));
}

INSTANTIATE_TEST_SUITE_P(All, DeflatedNpz, testing::Values(ZIP_CM_DEFLATE),
                         [](const auto&) { return "Deflated"; });

}  // namespace
}  // namespace lockstep
