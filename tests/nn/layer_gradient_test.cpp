#include "layer_gradient.h"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <lockstep/nn/registry.h>

#include "random_values.h"

using namespace lockstep;

namespace {

constexpr std::size_t kRows = 3;
constexpr std::size_t kInputs = 5;

class LayerGradient : public testing::TestWithParam<const char*> {};

TEST_P(LayerGradient, MatchesCentralDifferences) {
    LayerWalk walk(make_layer(Config::from_json(GetParam())), {kInputs}, kRows);
    walk.x = random_values(kRows * kInputs, 12);  // of these, none lies within a step of a kink
    walk.dy = random_values(kRows * walk.outputs, 2);
    unsigned seed = 3;
    for (auto& weight : walk.weights) weight = random_values(weight.size(), seed++);
    LayerGradientCheck(walk).run();
}

INSTANTIATE_TEST_SUITE_P(
    BuiltIn, LayerGradient,
    testing::Values(R"({"type": "dense", "units": 4})", R"({"type": "dense", "units": 4, "use_bias": false})",
                    R"({"type": "dense", "units": 4, "activation": "relu"})",
                    R"({"type": "dense", "units": 4, "activation": "sigmoid"})",
                    R"({"type": "dense", "units": 4, "activation": "tanh"})",
                    R"({"type": "dense", "units": 4, "activation": "softmax"})",
                    R"({"type": "activation", "activation": "softmax"})", R"({"type": "relu"})",
                    R"({"type": "sigmoid"})", R"({"type": "tanh"})", R"({"type": "softmax"})",
                    R"({"type": "linear"})", R"({"type": "flatten"})", R"({"type": "dropout", "rate": 0.4})",
                    R"({"type": "dropout", "rate": 0})"));

TEST(Dense, ComputesByHand) {
    LayerWalk walk(make_layer(Config::from_json(R"({"type": "dense", "units": 2, "activation": "relu"})")),
                   {3}, 1);
    ASSERT_EQ(walk.output, Shape({2}));
    walk.weights = {{1, -2, 3, 4, 5, -6}, {0.5F, 1}};
    walk.x = {1, 2, 3};
    walk.forward();
    EXPECT_FLOAT_EQ(walk.y[0], 22.5F);  // 1 + 6 + 15 + 0.5
    EXPECT_FLOAT_EQ(walk.y[1], 0.0F);   // -2 + 8 - 18 + 1 is negative
    EXPECT_EQ(walk.layer->flops_per_sample(), 14.0);
}

// More rows than one block of the product has.
TEST(Dense, ManyRowsGiveWhatFewRowsGive) {
    constexpr std::size_t kMany = 1100, kUnits = 700;
    LayerWalk walk(make_layer(Config::from_json(R"({"type": "dense", "units": 700, "activation": "relu"})")),
                   {2}, kMany);
    const auto kernel = random_values(2 * kUnits, 1), bias = random_values(kUnits, 2);
    walk.weights = {kernel, bias};
    walk.x = random_values(2 * kMany, 3);
    walk.forward();
    for (const std::size_t row : {0UL, 255UL, 256UL, 1024UL, 1099UL})
        for (const std::size_t unit : {0UL, 699UL}) {
            const float sum =
                walk.x[2 * row] * kernel[unit] + walk.x[2 * row + 1] * kernel[kUnits + unit] + bias[unit];
            EXPECT_NEAR(walk.y[row * kUnits + unit], std::max(sum, 0.0F), 1e-5F) << row << " " << unit;
        }
}

}  // namespace
