#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/data/hdf5_source.h>
#include <lockstep/data/registry.h>
#include <lockstep/io/archive.h>

#include "counting_source.h"
#include "error_of.h"
#include "scratch_test.h"

namespace lockstep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Hdf5SourceTest : public ScratchTest {
protected:
    struct Array {
        std::string name;
        Shape shape;
        float first;  // the elements count up from here
    };

    std::string write_file(const std::string& name, const std::vector<Array>& arrays) const {
        io::ArchiveWriter writer(path(name), "test/1");
        for (const Array& array : arrays) {
            std::vector<float> values(array.shape.size());
            std::iota(values.begin(), values.end(), array.first);
            writer.array(array.name, values, array.shape);
        }
        writer.commit();
        return path(name);
    }

    static std::string message_of(const Hdf5Source::Options& options) {
        return error_of<Error>([&] { Hdf5Source source(options); });
    }
};

TEST_F(Hdf5SourceTest, FilesOneBehindTheOtherDatasetsSideBySide) {
    const std::vector<std::string> files{
        write_file("a.h5", {{"/p", {2, 2}, 0}, {"/T", {2, 1}, 100}, {"/energy", {2}, 1000}, {"/w", {2}, 1}}),
        write_file("b.h5",
                   {{"/p", {3, 2}, 10}, {"/T", {3, 1}, 110}, {"/energy", {3}, 1010}, {"/w", {3}, 3}})};
    const Hdf5Source source(
        {.files = files, .inputs = {"/p", "/T"}, .targets = {"/energy"}, .sample_weight = "/w"});
    EXPECT_EQ(source.size(), 5U);
    EXPECT_EQ(source.input_shape(), Shape{3});
    EXPECT_EQ(source.target_shape(), Shape{1});
    EXPECT_TRUE(source.may_block());
    EXPECT_EQ(source.describe(), "hdf5 a.h5 and 1 more");
    const Rows rows = read_rows(source, {4, 0, 2, 1}, true);
    EXPECT_THAT(rows.inputs, ElementsAre(14, 15, 112, 0, 1, 100, 10, 11, 110, 2, 3, 101));
    EXPECT_THAT(rows.targets, ElementsAre(1012, 1000, 1010, 1001));
    EXPECT_THAT(rows.weights, ElementsAre(5, 1, 3, 2));
}

TEST_F(Hdf5SourceTest, ImagesAreJoinedAlongTheChannelsInMemory) {
    const std::string file = write_file("a.h5", {{"/u", {2, 1, 2, 2}, 0}, {"/v", {2, 1, 2, 1}, 50}});
    const Hdf5Source last({.files = {file}, .inputs = {"/u", "/v"}, .scale = 2.0F});
    EXPECT_EQ(last.input_shape(), (Shape{1, 2, 3}));
    EXPECT_THAT(read_rows(last, {1}).inputs, ElementsAre(8, 10, 104, 12, 14, 106)) << "and scaled";

    const std::string turned = write_file("b.h5", {{"/u", {1, 2, 1, 3}, 0}, {"/v", {1, 1, 1, 3}, 50}});
    const Hdf5Source first({.files = {turned}, .inputs = {"/u", "/v"}, .layout = Layout::channels_first});
    EXPECT_EQ(first.input_shape(), (Shape{1, 3, 3}));
    EXPECT_THAT(read_rows(first, {0}).inputs, ElementsAre(0, 3, 50, 1, 4, 51, 2, 5, 52));
}

TEST_F(Hdf5SourceTest, ShapesThatDoNotAgreeAreNamedOnBothSides) {
    const std::string a =
        write_file("a.h5", {{"/x", {4, 3}, 0}, {"/y", {3}, 0}, {"/z", {4, 2, 2}, 0}, {"/w", {4, 2}, 0}});
    const std::string b = write_file("b.h5", {{"/x", {4, 2}, 0}});
    EXPECT_THAT(message_of({.files = {a, b}, .inputs = {"/x"}}),
                HasSubstr("b.h5: /x has samples of shape [2], but in " + a + ": /x they are [3]"));
    EXPECT_THAT(message_of({.files = {a}, .inputs = {"/x", "/y"}}),
                HasSubstr(a + ": /y has 3 samples, but " + a + ": /x has 4"));
    EXPECT_THAT(
        message_of({.files = {a}, .inputs = {"/x"}, .targets = {"/y"}}),
        HasSubstr("a.h5: /x: expected targets and weights of as many samples, got 4 samples here, but 3 in " +
                  a + ": /y"));
    EXPECT_THAT(message_of({.files = {a}, .inputs = {"/x", "/z"}}),
                HasSubstr("/z with samples of shape [2, 2] cannot be joined to " + a +
                          ": /x [3]; all axes but the last must agree"));
    EXPECT_THAT(message_of({.files = {a}, .inputs = {"/x"}, .sample_weight = "/w"}),
                HasSubstr("/w: expected one weight per sample, got samples of shape [2]"));
}

TEST_F(Hdf5SourceTest, FromAJobFile) {
    write_file("run_1.h5", {{"/p", {2, 2}, 0}, {"/e", {2, 2}, 10}, {"/w", {2}, 1}});
    write_file("run_2.h5", {{"/p", {2, 2}, 20}, {"/e", {2, 2}, 30}, {"/w", {2}, 5}});
    const Config data = Config::from_json(R"({"source": "hdf5", "scale": 0.5, "train": {"file": "run_*.h5",
        "inputs": "/p", "targets": ["/e"], "sample_weight": "/w", "first": 3}})");
    const auto source = make_source(data, DataPart::train, directory_);
    EXPECT_EQ(source->size(), 3U);
    EXPECT_TRUE(source->has_weights());
    EXPECT_TRUE(source->may_block());
    const Rows rows = read_rows(*source, {2, 1}, true);
    EXPECT_THAT(rows.inputs, ElementsAre(10, 10.5, 1, 1.5));
    EXPECT_THAT(rows.targets, ElementsAre(30, 31, 12, 13));
    EXPECT_THAT(rows.weights, ElementsAre(5, 2));
}

TEST_F(Hdf5SourceTest, AMissingDatasetNamesThoseThatExist) {
    const std::string file = write_file("a.h5", {{"/fields/u", {4, 3}, 0}});
    EXPECT_THAT(message_of({.files = {file}, .inputs = {"/fields/v"}}), HasSubstr("/fields/u"));
}

}  // namespace
}  // namespace lockstep
