#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

class NpySourceTest : public ScratchTest {
protected:
    std::string save(const std::string& name, const std::string& shape, std::size_t elements,
                     float first) const {
        return write(name, bytes_of(npy_counting(shape, elements, first)));
    }
    std::unique_ptr<Source> from_job(const std::string& keys) const {
        Config data = Config::from_json(R"({"source": "npy", )" + keys + "}");
        data.set_origin({"job.toml", 6}, "data");
        return make_source(data, DataPart::train, directory_);
    }
    std::string message_for(const std::string& keys) const {
        return error_of<DataError>([&] { from_job(keys); });
    }
};

TEST_F(NpySourceTest, FilesOneBehindTheOtherArraysSideBySide) {
    save("p_1.npy", "(2, 2)", 4, 0);
    save("p_2.npy", "(3, 2)", 6, 10);
    save("T_1.npy", "(2, 1)", 2, 100);
    save("T_2.npy", "(3, 1)", 3, 110);
    save("energy.npy", "(5,)", 5, 1000);
    save("w.npy", "(5,)", 5, 1);
    const auto source = from_job(R"("train": {"inputs": ["p_*.npy", "T_*.npy"], "targets": "energy.npy",
                                              "sample_weight": "w.npy", "first": 5}, "scale": 2)");
    EXPECT_EQ(source->size(), 5U);
    EXPECT_EQ(source->input_shape(), Shape{3});
    EXPECT_EQ(source->target_shape(), Shape{1});
    EXPECT_TRUE(source->may_block());
    EXPECT_EQ(source->describe(), "npy p_1.npy and 1 more, first 5");
    const Rows rows = read_rows(*source, {4, 0, 2, 1}, true);
    EXPECT_THAT(rows.inputs, ElementsAre(28, 30, 224, 0, 2, 200, 20, 22, 220, 4, 6, 202));
    EXPECT_THAT(rows.targets, ElementsAre(1004, 1000, 1002, 1001));
    EXPECT_THAT(rows.weights, ElementsAre(5, 1, 3, 2));
}

TEST_F(NpySourceTest, ImagesAreTurned) {
    save("x.npy", "(2, 2, 1, 3)", 12, 0);
    const auto source = from_job(R"("train": {"inputs": "x.npy"}, "layout": "channels_first")");
    EXPECT_FALSE(source->has_targets());
    EXPECT_EQ(source->input_shape(), (Shape{1, 3, 2}));
    EXPECT_THAT(read_rows(*source, {1}).inputs, ElementsAre(6, 9, 7, 10, 8, 11));
}

TEST_F(NpySourceTest, WhatDoesNotAgreeIsNamedOnBothSides) {
    const std::string x = save("x.npy", "(4, 3)", 12, 0), y = save("y.npy", "(3,)", 3, 0);
    save("x2.npy", "(4, 2)", 8, 0);
    save("z.npy", "(4, 2, 2)", 16, 0);
    EXPECT_THAT(message_for(R"("train": {"inputs": ["x.npy", "y.npy"]})"),
                HasSubstr(y + " has 3 samples, but " + x + " has 4"));
    EXPECT_THAT(message_for(R"("train": {"inputs": "x.npy", "targets": "y.npy"})"),
                HasSubstr("got 4 samples here, but 3 in " + y));
    EXPECT_THAT(message_for(R"("train": {"inputs": "x*.npy"})"),
                HasSubstr("x2.npy has samples of shape [2], but in " + x + " they are [3]"));
    EXPECT_THAT(message_for(R"("train": {"inputs": ["x.npy", "z.npy"]})"),
                HasSubstr("z.npy with samples of shape [2, 2] cannot be joined to " + x + " [3]"));
    EXPECT_THAT(message_for(R"("train": {"inputs": ["x*.npy", "x.npy"]})"),
                HasSubstr("x.npy: expected as many files as those it is joined to, 2, got 1"));
    EXPECT_THAT(message_for(R"("train": {"inputs": "x.npy", "sample_weight": "x2.npy"})"),
                HasSubstr("x2.npy: expected one weight per sample, got samples of shape [2]"));
}

TEST_F(NpySourceTest, ReadsOnlyWhatIsAskedFor) {
    const std::string file = save("x.npy", "(4, 1)", 4, 7);
    const NpySource source({.inputs = {{{file}}}});
    std::filesystem::resize_file(file, 128 + 2 * sizeof(float));
    EXPECT_THAT(read_rows(source, {1, 0}).inputs, ElementsAre(8, 7));
    EXPECT_THAT(error_of<DataError>([&] { read_rows(source, {2}); }),
                HasSubstr("x.npy: truncated: it had 144 bytes when it was opened, now it ends at 136"));
}

TEST_F(NpySourceTest, KeysAreChecked) {
    save("x.npy", "(4, 1)", 4, 0);
    const auto message = [&](const std::string& keys) {
        return error_of<ConfigError>([&] { from_job(keys); });
    };
    EXPECT_THAT(message(R"("train": {"targets": "x.npy"})"), HasSubstr("the key \"inputs\" is missing"));
    EXPECT_THAT(message(R"("train": {"inputs": "x.npy", "sample_weight": ["x.npy"]})"),
                HasSubstr("sample_weight: expected the name of one array, got a list"));
    EXPECT_THAT(message(R"("train": {"inputs": []})"),
                HasSubstr("inputs: expected a value or a list of values"));
}

}  // namespace
}  // namespace lockstep
