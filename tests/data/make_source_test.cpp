#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/data/registry.h>

#include "counting_source.h"
#include "error_of.h"
#include "idx_bytes.h"
#include "scratch_test.h"

namespace lockstep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Config data_table(const std::string& json) {
    Config data = Config::from_json(json);
    data.set_origin({"job.toml", 6}, "data");
    return data;
}

std::string message_of(const Config& data, DataPart part, const std::string& directory = ".") {
    return error_of<Error>([&] { make_source(data, part, directory); });
}

const std::string kGlyphs = R"({"source": "glyphs", "seed": 3, "scale": 1, "normalize": "standard",
                                "train": {"samples": 30}, "validation": {"samples": 20, "seed": 3, "first": 7}})";

TEST(MakeSource, OpensEachPartWithItsOwnSamples) {
    const Config data = data_table(kGlyphs);
    const auto training = make_source(data, DataPart::train, ".");
    const auto validation = make_source(data, DataPart::validation, ".");
    EXPECT_EQ(training->size(), 30U);
    EXPECT_EQ(validation->size(), 7U);
    const Rows a = read_rows(*training, {0});
    const Rows b = read_rows(*validation, {0});
    EXPECT_NE(a.inputs, b.inputs);
    EXPECT_GT(*std::ranges::max_element(a.inputs), 100.0F) << "the common scale";
    EXPECT_NO_THROW(data.reject_unknown_keys());
}

TEST(MakeSource, TellsWhatIsWrongAndWhere) {
    EXPECT_THAT(message_of(data_table(kGlyphs), DataPart::test),
                HasSubstr("job.toml:6: data: the key \"test\" is missing"));
    EXPECT_THAT(message_of(data_table(R"({"source": "glyph", "train": {}})"), DataPart::train),
                HasSubstr("there is no data source \"glyph\"; did you mean \"glyphs\"?"));
    EXPECT_THAT(message_of(data_table(R"({"source": "glyphs", "train": {"sample": 3}})"), DataPart::train),
                HasSubstr("data.train: the key \"samples\" is missing (there is \"sample\")"));
    EXPECT_THAT(
        message_of(data_table(R"({"source": "glyphs", "train": {"samples": 3, "sed": 1}})"), DataPart::train),
        HasSubstr("job.toml:6: data.train.sed: unknown key; did you mean \"seed\"?"));
    EXPECT_THAT(message_of(data_table(R"({"source": "glyphs", "train": {"samples": 3}, "validaton": {}})"),
                           DataPart::train),
                HasSubstr("job.toml:6: data.validaton: unknown key; did you mean \"validation\"?"));
    EXPECT_THAT(message_of(data_table(R"({"source": "glyphs", "train": {"samples": 3, "first": 4}})"),
                           DataPart::train),
                HasSubstr("data.train.first: expected 1 to 3, the samples of glyphs, got 4"));
    EXPECT_THAT(message_of(data_table(R"({"source": "glyphs", "train": {"samples": 0}})"), DataPart::train),
                HasSubstr("data.train.samples: expected at least 1, got 0"));
    EXPECT_THAT(message_of(data_table(R"({"source": "friedman", "features": 3, "train": {"samples": 9}})"),
                           DataPart::train),
                HasSubstr("job.toml:6: data.train: friedman: expected at least 5 features, got 3"));
    EXPECT_THAT(message_of(data_table(R"({"source": "glyphs", "train": "x.h5"})"), DataPart::train),
                HasSubstr("expected a table"));
}

TEST(MakeSource, KeysOfPartsAreOnlyThoseTheSourceKnows) {
    EXPECT_THAT(
        message_of(
            data_table(R"({"source": "friedman", "layout": "channels_last", "train": {"samples": 9}})"),
            DataPart::train),
        HasSubstr("job.toml:6: data.layout: unknown key"));
}

class MakeIdx : public ScratchTest {};

TEST_F(MakeIdx, FromARelativePath) {
    write("images", idx_bytes(0x08, {2, 3, 1, 2}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
    const Config data = data_table(R"({"source": "idx", "layout": "channels_first", "scale": 10,
                                       "train": {"inputs": "images", "first": 1}})");
    const auto source = make_source(data, DataPart::train, directory_);
    EXPECT_EQ(source->size(), 1U);
    EXPECT_FALSE(source->has_targets());
    EXPECT_EQ(source->input_shape(), (Shape{1, 2, 3}));
    EXPECT_THAT(read_rows(*source, {0}).inputs, ElementsAre(10, 30, 50, 20, 40, 60));
    EXPECT_THAT(
        message_of(data_table(R"({"source": "idx", "layout": "nchw", "train": {"inputs": "images"}})"),
                   DataPart::train, directory_),
        HasSubstr("data.layout: expected \"channels_last\" or \"channels_first\", got \"nchw\""));
}

TEST(SourceRegistry, KnowsTheBuiltInAndTheUsersTypes) {
    register_source("counting", [](const Config& keys) {
        return std::make_unique<CountingSource>(keys.get<std::size_t>("samples"));
    });
    EXPECT_THAT(source_registry().types(), ElementsAre("adding_problem", "counting", "csv", "friedman",
                                                       "glyphs", "hdf5", "idx", "images", "npy"));
    const auto source =
        make_source(data_table(R"({"source": "counting", "test": {"samples": 4}})"), DataPart::test, ".");
    EXPECT_EQ(source->size(), 4U);
    EXPECT_THROW(register_source("idx", {}), ConfigError);
}

}  // namespace
}  // namespace lockstep
