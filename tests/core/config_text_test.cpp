#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <toml++/toml.h>

#include <lockstep/core/config.h>
#include <lockstep/core/error.h>

namespace lockstep {
namespace {

Config from_toml(const toml::node& node) {
    if (const auto* table = node.as_table()) {
        Config config = Config::table();
        for (const auto& [key, value] : *table) config.set(std::string(key.str()), from_toml(value));
        return config;
    }
    if (const auto* array = node.as_array()) {
        Config config = Config::array();
        for (const auto& value : *array) config.push_back(from_toml(value));
        return config;
    }
    if (const auto* boolean = node.as_boolean()) return boolean->get();
    if (const auto* integer = node.as_integer()) return integer->get();
    if (const auto* floating = node.as_floating_point()) return floating->get();
    return node.value<std::string>().value();
}

Config job() {
    const Config layers = Config::array({
        Config::table({{"type", "conv_2d"}, {"kernel_size", Config::array({3, 3})}}),
        Config::table({{"type", "dense"},
                       {"initializer", Config::table({{"scale", 2.0}})},
                       {"empty", Config::table()}}),
    });
    return Config::table({
        {"version", 1},
        {"run", Config::table({{"name", "a \"quoted\"\\\n\tname\x01"}, {"seed", 42}, {"on", true}})},
        {"model", Config::table({{"layers", layers},
                                 {"odd key", Config::array({Config::array({1, 2}), Config::array()})}})},
        {"callbacks",
         Config::array({Config::table({{"type", "csv_logger"}}), Config::table({{"patience", 3}})})},
        {"title", "last, but before the sections"},
    });
}

TEST(ConfigToml, ReadsBackAsTheSameTree) {
    const std::string text = job().to_toml();
    EXPECT_EQ(from_toml(toml::parse(text)), job()) << text;
}

TEST(ConfigToml, LooksAsPeopleWriteIt) {
    const Config config = Config::table({
        {"model",
         Config::table({{"input", Config::array({28, 28})},
                        {"layers", Config::array({Config::table({{"type", "flatten"}}),
                                                  Config::table({{"type", "dense"}, {"units", 10}})})}})},
        {"callbacks", Config::array({Config::table({{"type", "csv_logger"}, {"missing", Config()}})})},
    });
    EXPECT_EQ(config.to_toml(), R"([model]
input = [28, 28]
layers = [
  { type = "flatten" },
  { type = "dense", units = 10 },
]

[[callbacks]]
type = "csv_logger"
)");
}

TEST(ConfigToml, FloatsStayFloats) {
    const double inf = std::numeric_limits<double>::infinity();
    for (const double value :
         {1.0, -0.0, 0.1, 1e-7, 1e30, 123456789012345680.0, 5e-324, inf, -inf, std::nan("")}) {
        const std::string text = Config::table({{"x", value}}).to_toml();
        const toml::table table = toml::parse(text);
        ASSERT_TRUE(table["x"].is_floating_point()) << text;
        const double back = table["x"].as_floating_point()->get();
        EXPECT_TRUE(back == value || (std::isnan(back) && std::isnan(value))) << text;
    }
}

TEST(ConfigToml, ExtremeIntegersSurvive) {
    const Config config = Config::table({{"low", std::numeric_limits<std::int64_t>::min()},
                                         {"high", std::numeric_limits<std::int64_t>::max()}});
    EXPECT_EQ(from_toml(toml::parse(config.to_toml())), config);
}

TEST(ConfigToml, OnlyATableIsADocument) {
    EXPECT_THROW((void)Config(3).to_toml(), ConfigError);
}

TEST(ConfigJson, ReadsBackAsTheSameTreeInTheSameOrder) {
    for (const int indent : {-1, 2}) {
        const std::string text = job().to_json(indent);
        const Config back = Config::from_json(text);
        EXPECT_EQ(back, job());
        EXPECT_EQ(back.to_json(indent), text);
        EXPECT_EQ(back.keys(), job().keys());
    }
}

TEST(ConfigJson, KeepsIntegersAndFloatsApart) {
    const Config back = Config::from_json(Config::table({{"i", 2}, {"f", 2.0}}).to_json());
    EXPECT_EQ(back.at("i").kind(), Config::Kind::integer);
    EXPECT_EQ(back.at("f").kind(), Config::Kind::floating);
}

TEST(ConfigJson, CarriesWhatJsonHasNoWordFor) {
    const double inf = std::numeric_limits<double>::infinity();
    const Config back = Config::from_json(Config::array({std::nan(""), inf, -inf}).to_json());
    EXPECT_TRUE(std::isnan(back[0].as<double>()));
    EXPECT_EQ(back[1].as<double>(), inf);
    EXPECT_EQ(back[2].as<double>(), -inf);
}

TEST(ConfigJson, ValuesSayWhichFileTheyCameFrom) {
    const Config config = Config::from_json(R"({"state": [{"best": 1}]})", "state.json");
    EXPECT_EQ(config.at("state")[0].at("best").where(), "state.json: state[0].best");
    EXPECT_TRUE(Config::from_json("null").is_null());
}

}  // namespace
}  // namespace lockstep
