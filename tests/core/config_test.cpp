#include <cmath>
#include <limits>

#include <gmock/gmock.h>

#include <lockstep/core/config.h>
#include <lockstep/core/error.h>

namespace lockstep {
namespace {

using ::testing::ElementsAre;

TEST(Config, ReadsValuesOfEachType) {
    const Config config = Config::table({{"flag", true}, {"count", 3}, {"rate", 0.5}, {"name", "mlp"}});
    EXPECT_TRUE(config.get<bool>("flag"));
    EXPECT_EQ(config.get<int>("count"), 3);
    EXPECT_EQ(config.get<std::size_t>("count"), 3U);
    EXPECT_EQ(config.get<std::int64_t>("count"), 3);
    EXPECT_EQ(config.get<double>("rate"), 0.5);
    EXPECT_EQ(config.get<std::string>("name"), "mlp");
}

TEST(Config, AnIntegerServesAsADouble) {
    EXPECT_EQ(Config(7).as<double>(), 7.0);
}

TEST(Config, ReadsVectors) {
    EXPECT_THAT(Config::array({28, 28, 1}).as<std::vector<std::size_t>>(), ElementsAre(28, 28, 1));
    EXPECT_THAT(Config::array({1, 0.5}).as<std::vector<double>>(), ElementsAre(1.0, 0.5));
    EXPECT_THAT(Config::array({"a", "b"}).as<std::vector<std::string>>(), ElementsAre("a", "b"));
    EXPECT_THAT(Config::array({true, false}).as<std::vector<bool>>(), ElementsAre(true, false));
}

TEST(Config, AbsentAndNullKeysGiveTheFallback) {
    const Config config = Config::table({{"nothing", Config()}});
    EXPECT_EQ(config.get<int>("absent", 5), 5);
    EXPECT_EQ(config.get<int>("nothing", 6), 6);
    EXPECT_EQ(config.get_optional<int>("absent"), std::nullopt);
    EXPECT_FALSE(config.contains("nothing"));
    EXPECT_TRUE(config.find("absent").is_null());
    EXPECT_EQ(Config().get<int>("anything", 7), 7);
}

TEST(Config, KeepsTheOrderOfKeysAndReplacesInPlace) {
    Config config = Config::table({{"z", 1}, {"a", 2}, {"m", 3}});
    config.set("a", 20);
    EXPECT_THAT(config.keys(), ElementsAre("z", "a", "m"));
    EXPECT_EQ(config.get<int>("a"), 20);
    config.erase("z");
    EXPECT_THAT(config.keys(), ElementsAre("a", "m"));
}

TEST(Config, CopiesShareTheTree) {
    Config config = Config::table();
    Config copy = config;
    copy.set("units", 10);
    EXPECT_EQ(config.get<int>("units"), 10);
}

TEST(Config, ArraysGrowAndChange) {
    Config array = Config::array();
    array.push_back(1);
    array.push_back("two");
    array.set(0, 10);
    ASSERT_EQ(array.size(), 2U);
    EXPECT_EQ(array[0].as<int>(), 10);
    EXPECT_EQ(array[1].path(), "[1]");
    EXPECT_THROW(array.set(2, 3), ConfigError);
}

TEST(Config, PathsFollowTheTreeAsItIsBuiltFromTheLeaves) {
    Config layer = Config::table({{"units", 10}});
    Config model = Config::table({{"layers", Config::array({layer})}});
    const Config root = Config::table({{"model", model}});
    EXPECT_EQ(root.at("model").at("layers")[0].at("units").path(), "model.layers[0].units");
}

TEST(Config, ASubtreeTakesOverTheOriginWhereItHasNone) {
    Config units = 10;
    units.set_origin({.file = "job.toml", .line = 9}, "");
    Config layer = Config::table({{"units", units}, {"name", "a"}});
    layer.set_origin({.file = "job.toml", .line = 7}, "model.layers[1]");
    EXPECT_EQ(layer.at("units").where(), "job.toml:9: model.layers[1].units");
    EXPECT_EQ(layer.at("name").where(), "job.toml:7: model.layers[1].name");
}

TEST(Config, AValueFromAFileKeepsItsPlaceWhenUsedElsewhere) {
    Config rate = 0.1;
    rate.set_origin({.file = "job.toml", .line = 3}, "training.optimizer.learning_rate");
    const Config options = Config::table({{"rate", rate}});
    EXPECT_EQ(options.at("rate").where(), "job.toml:3: training.optimizer.learning_rate");
}

TEST(Config, EqualityLooksAtValuesOnly) {
    const Config a = Config::table({{"x", 1}, {"y", Config::array({0.5, "s"})}});
    Config b = Config::table({{"y", Config::array({0.5, "s"})}, {"x", 1.0}});
    b.set_origin({.file = "job.toml", .line = 1}, "elsewhere");
    EXPECT_EQ(a, b);
    b.set("x", 2);
    EXPECT_NE(a, b);
    EXPECT_NE(Config("1"), Config(1));
    EXPECT_NE(Config(true), Config(1));
    EXPECT_NE(Config::array({1}), Config::array({1, 2}));
    EXPECT_EQ(Config(std::nan("")), Config(std::nan("")));
    const std::int64_t big = std::numeric_limits<std::int64_t>::max();
    EXPECT_NE(Config(big), Config(big - 1));
}

TEST(Nearest, FindsSlipsAndNothingElse) {
    const std::vector<std::string> keys{"units", "activation", "learning_rate", "EarlyStopping"};
    EXPECT_EQ(nearest("unit", keys), "units");
    EXPECT_EQ(nearest("untis", keys), "units");
    EXPECT_EQ(nearest("learning-rate", keys), "learning_rate");
    EXPECT_EQ(nearest("early_stopping", keys), "EarlyStopping");
    EXPECT_EQ(nearest("momentum", keys), std::nullopt);
    EXPECT_EQ(nearest("x", {"y"}), std::nullopt);
}

}  // namespace
}  // namespace lockstep
