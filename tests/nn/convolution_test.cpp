#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/nn/registry.h>

#include "error_of.h"
#include "layer_walk.h"
#include "random_values.h"

using namespace lockstep;
using testing::HasSubstr;

namespace {

LayerWalk make_walk(const char* json, const Shape& input, std::size_t rows) {
    LayerWalk walk(make_layer(Config::from_json(json)), input, rows);
    unsigned seed = 3;
    for (auto& weight : walk.weights) weight = random_values(weight.size(), seed++);
    return walk;
}

void expect_near(std::span<const float> got, std::span<const float> expected, const std::string& what) {
    ASSERT_EQ(got.size(), expected.size());
    double largest = 1e-3;
    for (const float value : expected) largest = std::max(largest, static_cast<double>(std::abs(value)));
    for (std::size_t i = 0; i < got.size(); ++i)
        ASSERT_NEAR(got[i], expected[i], 1e-5 * largest) << what << "[" << i << "]";
}

struct Many {
    const char* json;
    Shape input;
    std::size_t rows;
};

/// Rows of many blocks of patches, whose borders lie within images and lines.
class ConvolutionOfManyRows : public testing::TestWithParam<Many> {};

TEST_P(ConvolutionOfManyRows, IsThatOfEachRow) {
    const auto& [json, input, rows] = GetParam();
    LayerWalk all = make_walk(json, input, rows), one = make_walk(json, input, 1);
    all.x = random_values(rows * all.inputs, 12);
    all.dy = random_values(rows * all.outputs, 2);
    all.forward();
    all.backward();
    std::vector<std::vector<float>> sums;
    for (const auto& weight : all.weights) sums.emplace_back(weight.size(), 0.0F);
    for (std::size_t row = 0; row < rows; ++row) {
        const auto part = [row](const std::vector<float>& from, std::size_t size) {
            const auto start = from.begin() + static_cast<std::ptrdiff_t>(row * size);
            return std::vector<float>(start, start + static_cast<std::ptrdiff_t>(size));
        };
        one.x = part(all.x, all.inputs);
        one.dy = part(all.dy, all.outputs);
        one.forward();
        one.backward();
        expect_near(part(all.y, all.outputs), one.y, "y of row " + std::to_string(row));
        expect_near(part(all.dx, all.inputs), one.dx, "dx of row " + std::to_string(row));
        for (std::size_t i = 0; i < sums.size(); ++i)
            for (std::size_t j = 0; j < sums[i].size(); ++j) sums[i][j] += one.gradients[i][j];
    }
    for (std::size_t i = 0; i < sums.size(); ++i)
        expect_near(all.gradients[i], sums[i], all.layer->weights()[i].name);
}

INSTANTIATE_TEST_SUITE_P(
    All, ConvolutionOfManyRows,
    testing::Values(
        Many{R"({"type": "conv2d", "filters": 8, "kernel_size": 3, "activation": "tanh"})", {13, 13, 32}, 9},
        Many{R"({"type": "conv2d", "filters": 4, "kernel_size": 5, "padding": "same"})", {17, 19, 1}, 40},
        Many{R"({"type": "conv2d", "filters": 4, "kernel_size": 3, "padding": "same", "groups": 2})",
             {11, 13, 64},
             11},
        Many{R"({"type": "conv2d", "filters": 4, "kernel_size": 1})", {31, 29, 16}, 9},
        Many{R"({"type": "conv2d_transpose", "filters": 24, "kernel_size": 5, "strides": 2,
                 "padding": "same"})",
             {9, 11, 6},
             9},
        Many{R"({"type": "depthwise_conv2d", "kernel_size": 3, "padding": "same"})", {9, 11, 6}, 3}));

// A kernel of ones on an image of ones counts the pixels under each window.
TEST(Convolution, CountsPixelsUnderWindows) {
    LayerWalk walk = make_walk(
        R"({"type": "conv2d", "filters": 1, "kernel_size": [3, 2], "padding": "same", "use_bias": false})",
        {3, 3, 1}, 1);
    walk.weights[0].assign(6, 1.0F);
    walk.x.assign(9, 1.0F);
    walk.forward();
    EXPECT_EQ(walk.y, (std::vector<float>{4, 4, 2, 6, 6, 3, 4, 4, 2}));
}

TEST(Convolution, CountsFlops) {
    const auto flops = [](const char* json, const Shape& input) {
        const auto layer = make_layer(Config::from_json(json));
        layer->build(input);
        return layer->flops_per_sample();
    };
    EXPECT_EQ(flops(R"({"type": "conv2d", "filters": 32, "kernel_size": 3})", {28, 28, 1}),
              26.0 * 26 * 32 * (2 * 9 + 1));
    EXPECT_EQ(flops(R"({"type": "conv1d", "filters": 6, "kernel_size": 3, "groups": 2, "use_bias": false})",
                    {10, 4}),
              8.0 * 6 * 2 * (3 * 2));
    EXPECT_EQ(flops(R"({"type": "depthwise_conv2d", "kernel_size": 3, "depth_multiplier": 2})", {5, 5, 4}),
              9.0 * 8 * (2 * 9 + 1));
    EXPECT_EQ(
        flops(R"({"type": "conv2d_transpose", "filters": 3, "kernel_size": 2, "strides": 2})", {4, 4, 5}),
        16.0 * 5 * 2 * (4 * 3) + 64 * 3);
}

/// What the layer says of wrong options or a wrong input.
std::string refusal(const char* json, const Shape& input) {
    return error_of<Error>([&] { make_layer(Config::from_json(json))->build(input); });
}

TEST(Convolution, RefusesWithReason) {
    EXPECT_THAT(refusal(R"({"type": "conv2d", "filters": 0, "kernel_size": 3})", {5, 5, 1}),
                HasSubstr("filters: expected at least 1, got 0"));
    EXPECT_THAT(refusal(R"({"type": "conv2d", "filters": 4, "kernel_size": [3, 3, 3]})", {5, 5, 1}),
                HasSubstr("kernel_size: expected a number of at least 1, or 2 of them, got [3, 3, 3]"));
    EXPECT_THAT(refusal(R"({"type": "conv2d", "filters": 4, "kernel_size": 3, "strides": 0})", {5, 5, 1}),
                HasSubstr("strides: expected a number of at least 1"));
    EXPECT_THAT(refusal(R"({"type": "conv2d", "filters": 4, "kernel_size": 3, "groups": 3})", {5, 5, 3}),
                HasSubstr("groups: expected a divisor of filters = 4, got 3"));
    EXPECT_THAT(refusal(R"({"type": "conv2d", "filters": 4, "kernel_size": 3, "groups": 2})", {5, 5, 3}),
                HasSubstr("expected channels that groups = 2 divides"));
    EXPECT_THAT(
        refusal(R"({"type": "conv2d", "filters": 4, "kernel_size": 3, "padding": "sane"})", {5, 5, 1}),
        HasSubstr("did you mean \"same\"?"));
    EXPECT_THAT(
        refusal(R"({"type": "conv2d", "filters": 4, "kernel_size": 3, "padding": "causal"})", {5, 5, 1}),
        HasSubstr("there is no padding \"causal\""));
    EXPECT_THAT(refusal(R"({"type": "conv2d", "filters": 4, "kernel_size": 3})", {784}),
                HasSubstr("expected inputs [height, width, channels], got [784]"));
    EXPECT_THAT(
        refusal(R"({"type": "conv2d", "filters": 4, "kernel_size": 3, "dilation_rate": 2})", {5, 4, 1}),
        HasSubstr("got 4 places on an axis and a window over 5"));
}

TEST(Convolution, ConfigMakesTheSameLayer) {
    for (const char* json :
         {R"({"type": "conv1d", "filters": 4, "kernel_size": 3, "strides": 2, "padding": "causal"})",
          R"({"type": "conv2d", "filters": 4, "kernel_size": [3, 2], "groups": 2, "use_bias": false})",
          R"({"type": "conv3d", "filters": 4, "kernel_size": 3, "dilation_rate": [1, 2, 3]})",
          R"({"type": "conv2d_transpose", "filters": 4, "kernel_size": 3, "strides": [2, 1]})",
          R"({"type": "depthwise_conv2d", "kernel_size": 3, "depth_multiplier": 2, "activation": "relu"})"}) {
        const auto layer = make_layer(Config::from_json(json));
        Config again = layer->config();
        again.set("type", std::string(layer->type()));
        EXPECT_EQ(make_layer(again)->config(), layer->config()) << json;
        const auto& keys = layer_registry().help(std::string(layer->type())).keys;
        std::size_t optional = 0;  // without a default they are in no config
        for (const TypeHelp::Key& key : keys) optional += key.fallback == "none" ? 1U : 0U;
        EXPECT_EQ(keys.size() - optional, layer->config().keys().size()) << json;
        EXPECT_EQ(Config::from_json(json).get("padding", std::string("valid")),
                  layer->config().get<std::string>("padding"));
    }
}

}  // namespace
