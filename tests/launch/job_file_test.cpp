#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/launch/job_file.h>

#include "error_of.h"

namespace lockstep {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(JobFile, EveryValueKnowsItsLineAndPath) {
    const Config tree =
        parse_toml("[a]\nb = 1\nc = [\n  { d = 2 },\n  { d = 3 },\n]\n\n[[e]]\nf = 4\n", "x.toml");
    EXPECT_EQ(tree.at("a").at("b").where(), "x.toml:2: a.b");
    EXPECT_EQ(tree.at("a").at("c")[1].at("d").where(), "x.toml:5: a.c[1].d");
    EXPECT_EQ(tree.at("e")[0].at("f").where(), "x.toml:9: e[0].f");
}

TEST(JobFile, KeepsKinds) {
    const Config tree = parse_toml("i = 3\nf = 3.5\nb = true\ns = 'x'\na = [1, 2]", "x.toml");
    EXPECT_EQ(tree.get<int>("i"), 3);
    EXPECT_EQ(tree.at("i").kind(), Config::Kind::integer);
    EXPECT_EQ(tree.get<double>("f"), 3.5);
    EXPECT_TRUE(tree.get<bool>("b"));
    EXPECT_EQ(tree.get<std::string>("s"), "x");
    EXPECT_EQ(tree.get<std::vector<int>>("a"), (std::vector{1, 2}));
}

TEST(JobFile, KeepsTheOrder) {
    const Config tree = parse_toml("[z]\nd = { y = 1, b = 2 }\nc = 1\n[a]\n", "x.toml");
    EXPECT_EQ(tree.keys(), (std::vector<std::string>{"z", "a"}));
    EXPECT_EQ(tree.at("z").keys(), (std::vector<std::string>{"d", "c"}));
    EXPECT_EQ(tree.at("z").at("d").keys(), (std::vector<std::string>{"y", "b"}));
}

TEST(JobFile, SaysWhereTomlIsBroken) {
    EXPECT_THAT(error_of<ConfigError>([] { parse_toml("a = 1\nb = [1,\n", "x.toml"); }),
                StartsWith("x.toml:"));
    EXPECT_THAT(error_of<ConfigError>([] { parse_toml("a = 1\n= 2\n", "x.toml"); }), StartsWith("x.toml:2:"));
}

TEST(JobFile, RefusesDates) {
    EXPECT_THAT(error_of<ConfigError>([] { parse_toml("\nwhen = 2024-01-01\n", "x.toml"); }),
                testing::AllOf(StartsWith("x.toml:2: when"), HasSubstr("date")));
}

TEST(JobFile, AValueIsOneValue) {
    EXPECT_EQ(parse_toml_value("[1, 2]", "--set").size(), 2U);
    EXPECT_NE(error_of<ConfigError>([] { parse_toml_value("1\nother = 2", "--set"); }), "");
    EXPECT_NE(error_of<ConfigError>([] { parse_toml_value("", "--set"); }), "");
}

TEST(JobFile, NamesTheFileThatIsMissing) {
    EXPECT_THAT(error_of<ConfigError>([] { read_text("/no/such/job.toml"); }),
                StartsWith("/no/such/job.toml: no such file"));
    EXPECT_THAT(error_of<ConfigError>([] { read_text("/"); }), HasSubstr("directory"));
}

std::string repeated(const std::string& text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) all += text;
    return all;
}

// Each level takes room on the stack.
TEST(JobFile, RefusesEndlessKeysAndLevels) {
    EXPECT_THAT(
        error_of<ConfigError>([] { parse_toml("x = 1\na" + repeated(".a", 50'000) + " = 1\n", "x.toml"); }),
        StartsWith("x.toml:2: expected at most 10000 dots in a line, got 50000"));
    EXPECT_THAT(error_of<ConfigError>([] { parse_toml("a" + repeated(".a", 9'000) + " = 1\n", "x.toml"); }),
                StartsWith("x.toml: tables and arrays are nested deeper"));
    EXPECT_THAT(error_of<ConfigError>([] { parse_toml("a = " + repeated("[", 100'000) + "\n", "x.toml"); }),
                StartsWith("x.toml:"));
    EXPECT_TRUE(parse_toml("a" + repeated(".a", 100) + " = 1\n", "x.toml").contains("a"));
}

}  // namespace
}  // namespace lockstep
