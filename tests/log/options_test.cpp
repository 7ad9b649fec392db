#include <lockstep/core/error.h>

#include "error_of.h"
#include "log_fixture.h"

namespace lockstep::log {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

Options options_of(const std::string& json) {
    Config table = Config::from_json(json);
    table.set_origin({"job.toml", 7}, "log");
    return read_options(table);
}

std::string message_of(const std::string& json) {
    return error_of<ConfigError>([&] { options_of(json); });
}

TEST(LogOptions, WithoutATableAreTheDefaults) {
    const Options options = read_options(Config());
    EXPECT_EQ(options.level, Level::info);
    EXPECT_THAT(options.ranks.list, ElementsAre(0));
    EXPECT_FALSE(options.files);
    EXPECT_EQ(options.format, Format::text);
    EXPECT_FALSE(options.rotate.has_value());
}

TEST(LogOptions, AreAllRead) {
    const Options options =
        options_of(R"({"level": "error", "modules": {"comm": "debug", "io": "off"}, "ranks": [0, 8],
        "files": true, "format": "json", "rotate": {"size": "10MB", "keep": 3}, "quiet": true})");
    EXPECT_EQ(options.level, Level::error);
    EXPECT_EQ(options.modules.at("comm"), Level::debug);
    EXPECT_EQ(options.modules.at("io"), Level::off);
    EXPECT_THAT(options.ranks.list, ElementsAre(0, 8));
    EXPECT_TRUE(options.files);
    EXPECT_EQ(options.format, Format::json);
    ASSERT_TRUE(options.rotate.has_value());
    EXPECT_EQ(options.rotate->size, 10'000'000U);
    EXPECT_EQ(options.rotate->keep, 3U);
    EXPECT_TRUE(options.quiet);
}

TEST(LogOptions, RanksComeInThreeForms) {
    EXPECT_EQ(options_of(R"({"ranks": "node"})").ranks.who, Ranks::Who::one_per_node);
    EXPECT_THAT(options_of(R"({"ranks": "0"})").ranks.list, ElementsAre(0));
    EXPECT_THAT(options_of(R"({"ranks": 3})").ranks.list, ElementsAre(3));
}

TEST(LogOptions, ErrorsNamePlaceExpectationAndValue) {
    EXPECT_THAT(message_of(R"({"level": "inof"})"),
                testing::AllOf(StartsWith("job.toml:7: log.level: expected a log level"),
                               HasSubstr("got 'inof'"), HasSubstr("did you mean 'info'?")));
    EXPECT_THAT(message_of(R"({"modules": {"comm": "loud"}})"),
                HasSubstr("log.modules.comm: expected a log level"));
    EXPECT_THAT(message_of(R"({"modules": "debug"})"), HasSubstr("log.modules: expected a table"));
    EXPECT_THAT(message_of(R"({"ranks": "some"})"),
                HasSubstr("log.ranks: expected \"all\", \"node\" or ranks"));
    EXPECT_THAT(message_of(R"({"ranks": [0, -1]})"), HasSubstr("got a negative one"));
    EXPECT_THAT(message_of(R"({"format": "xml"})"), HasSubstr("expected \"text\" or \"json\", got 'xml'"));
    EXPECT_THAT(message_of(R"({"rotate": {"size": "big"}})"), HasSubstr("log.rotate.size: expected a size"));
    EXPECT_THAT(message_of(R"({"rotate": {"size": 0}})"),
                HasSubstr("log.rotate.size: expected a size above zero"));
    EXPECT_THAT(message_of(R"({"rotate": {"keeep": 2}})"), HasSubstr("keeep"));
    EXPECT_THAT(message_of(R"({"levle": "info"})"), HasSubstr("levle"));
}

TEST(LogLevel, HasOneNameForEach) {
    for (const char* name : {"trace", "debug", "info", "warning", "error", "off"}) {
        EXPECT_EQ(level_name(parse_level(name)), name);
    }
    EXPECT_EQ(parse_level("warn"), Level::warning);
    EXPECT_THROW(parse_level("Info"), ConfigError);
}

TEST(LogRanks, AreReadFromAFlag) {
    EXPECT_EQ(parse_ranks("all").who, Ranks::Who::all);
    EXPECT_THAT(parse_ranks("0,8,16").list, ElementsAre(0, 8, 16));
    for (const char* wrong : {"", "0,", ",0", "0 8", "-1", "0;8", "99999999999"}) {
        EXPECT_THROW(parse_ranks(wrong), ConfigError) << wrong;
    }
}

TEST(LogSize, KnowsDecimalAndBinaryUnits) {
    EXPECT_EQ(parse_size("500"), 500U);
    EXPECT_EQ(parse_size("10 MB"), 10'000'000U);
    EXPECT_EQ(parse_size("3kB"), 3'000U);
    EXPECT_EQ(parse_size("2MiB"), 2'097'152U);
    EXPECT_EQ(parse_size("1GB"), 1'000'000'000U);
    for (const char* wrong : {"", "MB", "0MB", "-5MB", "1.5MB", "10 megabytes", "99999999999GiB"}) {
        EXPECT_THROW(parse_size(wrong), ConfigError) << wrong;
    }
}

}  // namespace
}  // namespace lockstep::log
