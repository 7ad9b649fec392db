#include <cmath>
#include <vector>

#include <gmock/gmock.h>

#include <lockstep/core/error.h>
#include <lockstep/nn/registry.h>

namespace lockstep {
namespace {

std::vector<float> held(const Config& constraint, const Shape& shape, std::vector<float> weight) {
    make_constraint(constraint)->apply(shape, weight);
    return weight;
}

using testing::FloatNear;
using testing::Pointwise;

TEST(Constraint, MaxNormScalesLongColumnsOnly) {
    const Config constraint = Config::table({{"type", "max_norm"}, {"max_value", 2.5}});
    EXPECT_THAT(held(constraint, {2, 2}, {3.0F, 1.0F, 4.0F, -2.0F}),
                Pointwise(FloatNear(1e-6F), {1.5F, 1.0F, 2.0F, -2.0F}));
}

TEST(Constraint, AxesChooseTheVectors) {
    const std::vector<float> weight{3.0F, 4.0F, 6.0F, 8.0F};
    const auto with_axis = [](const Config& axis) {
        return Config::table({{"type", "unit_norm"}, {"axis", axis}});
    };
    EXPECT_THAT(held(with_axis(1), {2, 2}, weight), Pointwise(FloatNear(1e-6F), {0.6F, 0.8F, 0.6F, 0.8F}));
    const float all = std::sqrt(125.0F);
    EXPECT_THAT(held(with_axis(Config::array({0, 1})), {2, 2}, weight),
                Pointwise(FloatNear(1e-6F), {3.0F / all, 4.0F / all, 6.0F / all, 8.0F / all}));
}

/// Of a weight with more vectors than are done together, and blocks of them.
TEST(Constraint, UnitNormOfEveryVector) {
    const Shape shape{3, 5, 37};
    std::vector<float> weight(shape.size());
    for (std::size_t i = 0; i < weight.size(); ++i) weight[i] = static_cast<float>(i % 7) - 2.5F;
    make_constraint(Config::table({{"type", "unit_norm"}, {"axis", 1}}))->apply(shape, weight);
    for (std::size_t block = 0; block < 3; ++block)
        for (std::size_t vector = 0; vector < 37; ++vector) {
            double square = 0.0;
            for (std::size_t i = 0; i < 5; ++i) square += std::pow(weight[(block * 5 + i) * 37 + vector], 2);
            EXPECT_NEAR(square, 1.0, 1e-6);
        }
}

TEST(Constraint, MinMaxNormGoesByTheRate) {
    const Config constraint =
        Config::table({{"type", "min_max_norm"}, {"min_value", 1.0}, {"max_value", 2.0}, {"rate", 0.5}});
    EXPECT_THAT(held(constraint, {1, 3}, {0.5F, -1.5F, 4.0F}),
                Pointwise(FloatNear(1e-6F), {0.75F, -1.5F, 3.0F}));
}

TEST(Constraint, NonNegClearsWhatIsBelowZero) {
    EXPECT_EQ(held("non_neg", {4}, {-1.0F, 0.0F, 2.0F, -0.5F}), (std::vector{0.0F, 0.0F, 2.0F, 0.0F}));
}

TEST(Constraint, ComesBackFromItsConfig) {
    for (const Config& keys : {Config("non_neg"), Config::table({{"type", "max_norm"}, {"max_value", 3.0}}),
                               Config::table({{"type", "unit_norm"}, {"axis", Config::array({0, 1})}}),
                               Config::table({{"type", "min_max_norm"}, {"rate", 0.25}})}) {
        const Config config = make_constraint(keys)->config();
        EXPECT_EQ(make_constraint(config)->config().to_json(), config.to_json());
        for (const std::string& key : keys.is_table() ? keys.keys() : std::vector<std::string>())
            EXPECT_EQ(config.at(key).to_json(), keys.at(key).to_json());
    }
}

TEST(Constraint, SaysWhatItRefuses) {
    EXPECT_THROW(make_constraint(Config::table({{"type", "max_norm"}, {"max_value", -1.0}})), ConfigError);
    EXPECT_THROW(make_constraint(Config::table({{"type", "min_max_norm"}, {"rate", 1.5}})), ConfigError);
    EXPECT_THROW(make_constraint(Config::table({{"type", "unit_norm"}, {"axis", Config::array({0, 2})}})),
                 ConfigError);
    EXPECT_THROW(make_constraint("maxnorm"), ConfigError);
    EXPECT_THROW(make_constraint(Config::table({{"type", "unit_norm"}, {"axis", 2}}))->check({3, 4}),
                 ShapeError);
    EXPECT_EQ(make_constraint({}), nullptr);
}

}  // namespace
}  // namespace lockstep
