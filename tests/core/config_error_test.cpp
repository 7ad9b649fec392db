#include <limits>

#include <gtest/gtest.h>

#include <lockstep/core/config.h>
#include <lockstep/core/construct.h>
#include <lockstep/core/error.h>

#include "error_of.h"

namespace lockstep {
namespace {

/// What `action` has to say when it fails.
template <typename Action>
std::string message_of(const Action& action) {
    return error_of<ConfigError>(action);
}

Config at_line(Config config, int line, const std::string& path) {
    config.set_origin({.file = "job.toml", .line = line}, path);
    return config;
}

TEST(ConfigErrors, WrongTypeNamesPlaceExpectedAndGot) {
    const Config training = at_line(Config::table({{"batch_size", "big"}}), 12, "training");
    EXPECT_EQ(message_of([&] { training.get<int>("batch_size"); }),
              "job.toml:12: training.batch_size: expected an integer, got the string \"big\"");
}

/// A thing whose option is a setting of its own.
struct Outer {
    struct Options {
        Config inner;
        int count = 1;
    };
    explicit Outer(const Options& options) {
        if (options.inner.is_string()) options.inner.fail("expected a number");
        if (options.count < 1) throw ConfigError("count: expected at least 1");
    }
};

TEST(ConfigErrors, AnOptionThatSaysItsPlaceIsNotPlacedAgain) {
    const Config keys = at_line(Config::table({{"inner", "x"}}), 12, "outer");
    EXPECT_EQ(message_of([&] { construct_from<Outer>(keys, {.inner = keys.get("inner", Config(1))}); }),
              "job.toml:12: outer.inner: expected a number");
    EXPECT_EQ(message_of([&] { construct_from<Outer>(keys, {.inner = "x"}); }),
              "job.toml:12: outer: expected a number");
    EXPECT_EQ(
        message_of([&] { construct_from<Outer>(keys, {.inner = keys.get("other", Config(1)), .count = 0}); }),
        "job.toml:12: outer: count: expected at least 1");
}

TEST(ConfigErrors, EveryKindIsNamed) {
    EXPECT_EQ(message_of([] { Config(0.5).as<int>(); }), "expected an integer, got the number 0.5");
    EXPECT_EQ(message_of([] { Config(2.0).as<int>(); }), "expected an integer, got the number 2.0");
    EXPECT_EQ(message_of([] { Config(1).as<bool>(); }), "expected true or false, got the integer 1");
    EXPECT_EQ(message_of([] { Config(true).as<double>(); }), "expected a number, got true");
    EXPECT_EQ(message_of([] { Config::table().as<std::string>(); }), "expected a string, got a table");
    EXPECT_EQ(message_of([] { Config().as<std::vector<double>>(); }), "expected an array, got nothing");
}

TEST(ConfigErrors, IntegersMustFit) {
    EXPECT_EQ(message_of([] { Config(-3).as<std::size_t>(); }),
              "expected an integer of at least 0, got the integer -3");
    EXPECT_EQ(message_of([] { Config(std::int64_t{5'000'000'000}).as<int>(); }),
              "expected an integer from -2147483648 to 2147483647, got the integer 5000000000");
    EXPECT_NE(message_of([] { Config{std::numeric_limits<std::size_t>::max()}; }), "no error");
}

TEST(ConfigErrors, AnElementOfAVectorIsNamed) {
    const Config model = at_line(Config::table({{"input", Config::array({28, "x"})}}), 4, "model");
    EXPECT_EQ(message_of([&] { model.get<std::vector<std::size_t>>("input"); }),
              "job.toml:4: model.input[1]: expected an integer of at least 0, got the string \"x\"");
}

TEST(ConfigErrors, MissingKeyNamesTheNearestOne) {
    const Config layer = at_line(Config::table({{"unit", 10}}), 8, "model.layers[1]");
    EXPECT_EQ(message_of([&] { layer.get<int>("units"); }),
              "job.toml:8: model.layers[1]: the key \"units\" is missing (there is \"unit\")");
    EXPECT_EQ(message_of([&] { layer.get<int>("activation"); }),
              "job.toml:8: model.layers[1]: the key \"activation\" is missing");
}

TEST(ConfigErrors, UnknownKeyNamesTheNearestThatWasAskedFor) {
    Config layer = at_line(Config::table({{"type", "dense"}}), 8, "model.layers[1]");
    layer.set("unit", at_line(10, 9, "model.layers[1].unit"));
    layer.get<std::string>("type");
    layer.get<int>("units", 1);
    EXPECT_EQ(message_of([&] { layer.reject_unknown_keys(); }),
              "job.toml:9: model.layers[1].unit: unknown key; did you mean \"units\"?");
}

TEST(ConfigErrors, UnknownKeyUnlikeAnyListsThoseKnown) {
    const Config layer = Config::table({{"type", "dense"}, {"momentum", 1}});
    layer.get<std::string>("type");
    layer.get_optional<int>("units");
    EXPECT_EQ(message_of([&] { layer.reject_unknown_keys(); }),
              "momentum: unknown key; known are \"type\", \"units\"");
}

TEST(ConfigErrors, KeysThatWereReadThroughACopyAreKnown) {
    const Config config = Config::table({{"a", 1}, {"b", 2}, {"c", 3}});
    const Config copy = config;
    copy.get<int>("a");
    copy.contains("b");
    EXPECT_THROW(config.reject_unknown_keys(), ConfigError);
    copy.find("c");
    EXPECT_NO_THROW(config.reject_unknown_keys());
}

TEST(ConfigErrors, WritingTextReadsNoKeys) {
    const Config config = Config::table({{"a", 1}});
    (void)config.to_json();
    (void)config.to_toml();
    EXPECT_THROW(config.reject_unknown_keys(), ConfigError);
}

TEST(ConfigErrors, TablesAndArraysAreNotMixedUp) {
    EXPECT_EQ(message_of([] { Config(3).at("x"); }), "expected a table, got the integer 3");
    EXPECT_EQ(message_of([] { Config::table().size(); }), "expected an array, got a table");
    EXPECT_EQ(message_of([] { Config::array().set("x", 1); }), "expected a table, got an array");
}

TEST(ConfigErrors, BrokenJsonNamesFileAndLine) {
    const std::string message =
        message_of([] { Config::from_json("{\n\"a\": 1,\n\"b\": }\n", "state.json"); });
    EXPECT_TRUE(message.starts_with("state.json:3: expected JSON: ")) << message;
}

// Each level takes room on the stack.
TEST(ConfigErrors, JsonHasNoEndlessLevels) {
    const auto nested = [](std::size_t levels) {
        return std::string(levels, '[') + std::string(levels, ']');
    };
    EXPECT_EQ(Config::from_json(nested(200)).size(), 1U);
    EXPECT_EQ(message_of([&] { Config::from_json(nested(1'000'000), "state.json"); }),
              "state.json: expected JSON of at most 200 levels, got more");
}

TEST(Nearest, DoesNotCompareLongTexts) {
    const std::string text(1'000'000, 'x');
    EXPECT_EQ(nearest(text, {text + "y", "x"}), std::nullopt);
}

}  // namespace
}  // namespace lockstep
