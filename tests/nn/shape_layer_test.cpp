// What the golden cases of pooling, padding, dropout of channels, noise and embedding leave out: options that
// are refused, keys that come back, random numbers.
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/nn/registry.h>

#include "error_of.h"
#include "layer_walk.h"

using namespace lockstep;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;

namespace {

std::unique_ptr<Layer> make(const std::string& json) {
    return make_layer(Config::from_json(json));
}

/// The message of what f throws.
std::string option_error(const std::string& json) {
    return error_of<ConfigError>([&] { make(json); });
}

std::string shape_error(const std::string& json, const Shape& input) {
    return error_of<ShapeError>([&] { make(json)->build(input); });
}

class LayerKeys : public testing::TestWithParam<const char*> {};

/// A layer made from the keys that a layer gives back gives the same keys, and help knows them.
TEST_P(LayerKeys, ComeBack) {
    const Config written = Config::from_json(GetParam());
    const auto type = written.get<std::string>("type");
    const Config keys = make_layer(written)->config();
    Config again = Config::table({{"type", type}});
    for (const std::string& key : keys.keys()) {
        again.set(key, keys.at(key));
        EXPECT_THAT(layer_registry().help(type).keys, Contains(Field(&TypeHelp::Key::name, key)));
    }
    for (const std::string& key : written.keys())
        EXPECT_TRUE(again.at(key) == written.at(key)) << key << ": " << again.at(key).to_json();
    EXPECT_TRUE(make_layer(again)->config() == keys);
    EXPECT_EQ(make_layer(again)->type(), type);
}

INSTANTIATE_TEST_SUITE_P(
    All, LayerKeys,
    testing::Values(
        R"({"type": "max_pooling1d", "pool_size": 3, "strides": 2, "padding": "same"})",
        R"({"type": "max_pooling2d", "pool_size": [3, 2], "strides": [1, 2]})",
        R"({"type": "average_pooling2d", "pool_size": 3})", R"({"type": "average_pooling3d"})",
        R"({"type": "global_max_pooling2d", "keepdims": true})",
        R"({"type": "global_average_pooling1d", "keepdims": false})",
        R"({"type": "zero_padding1d", "padding": [1, 2]})",
        R"({"type": "zero_padding2d", "padding": [[1, 2], [0, 3]]})",
        R"({"type": "cropping3d", "cropping": [[1, 2], [0, 3], [1, 1]]})",
        R"({"type": "up_sampling1d", "size": 3})",
        R"({"type": "up_sampling2d", "size": [2, 3], "interpolation": "bilinear"})",
        R"({"type": "reshape", "target_shape": [3, -1]})", R"({"type": "permute", "dims": [2, 1]})",
        R"({"type": "spatial_dropout1d", "rate": 0.25})",
        R"({"type": "rescaling", "scale": 2.0, "offset": -1.0})",
        R"({"type": "gaussian_noise", "stddev": 0.25})",
        R"({"type": "embedding", "input_dim": 3, "output_dim": 2, "embeddings_initializer": "ones"})"));

TEST(ShapeLayers, DefaultsAreKeras) {
    EXPECT_EQ(make(R"({"type": "max_pooling2d"})")->build({7, 6, 3}), (Shape{3, 3, 3}));
    EXPECT_EQ(make(R"({"type": "zero_padding2d"})")->build({7, 6, 3}), (Shape{9, 8, 3}));
    EXPECT_EQ(make(R"({"type": "cropping1d"})")->build({7, 3}), (Shape{5, 3}));
    EXPECT_EQ(make(R"({"type": "cropping2d"})")->build({7, 6, 3}), (Shape{7, 6, 3}));
    EXPECT_EQ(make(R"({"type": "up_sampling3d"})")->build({1, 2, 3, 4}), (Shape{2, 4, 6, 4}));
}

TEST(ShapeLayers, RefuseOptions) {
    EXPECT_THAT(option_error(R"({"type": "max_pooling2d", "pool_size": 0})"),
                HasSubstr("pool_size: expected a number of at least 1, or 2 of them, got [0]"));
    EXPECT_THAT(option_error(R"({"type": "max_pooling2d", "strides": [1, 2, 3]})"), HasSubstr("[1, 2, 3]"));
    EXPECT_THAT(option_error(R"({"type": "average_pooling1d", "padding": "full"})"),
                HasSubstr("known: valid, same"));
    EXPECT_THAT(option_error(R"({"type": "zero_padding2d", "padding": [1, 2, 3]})"), HasSubstr("2 axes"));
    EXPECT_THAT(option_error(R"({"type": "zero_padding2d", "padding": [1, [2]]})"), HasSubstr("pair"));
    EXPECT_THAT(option_error(R"({"type": "up_sampling3d", "interpolation": "bilinear"})"),
                HasSubstr("interpolation"));
    EXPECT_THAT(option_error(R"({"type": "reshape", "target_shape": [-1, -1]})"), HasSubstr("[-1, -1]"));
    EXPECT_THAT(option_error(R"({"type": "permute", "dims": [1, 3]})"), HasSubstr("[1, 3]"));
    EXPECT_THAT(option_error(R"({"type": "gaussian_noise", "stddev": -1})"), HasSubstr("stddev"));
    EXPECT_THAT(option_error(R"({"type": "spatial_dropout2d", "rate": 1})"), HasSubstr("rate"));
    EXPECT_THAT(option_error(R"({"type": "embedding", "input_dim": 20000000, "output_dim": 2})"),
                HasSubstr("input_dim"));
}

TEST(ShapeLayers, RefuseShapes) {
    EXPECT_THAT(shape_error(R"({"type": "max_pooling2d"})", {8, 3}),
                HasSubstr("[height, width, channels], got [8, 3]"));
    EXPECT_THAT(shape_error(R"({"type": "max_pooling1d", "pool_size": 5})", {4, 3}),
                HasSubstr("a window over 5"));
    EXPECT_THAT(shape_error(R"({"type": "cropping1d", "cropping": 2})", {4, 3}), HasSubstr("[4, 3]"));
    EXPECT_THAT(shape_error(R"({"type": "reshape", "target_shape": [5, -1]})", {4, 3}), HasSubstr("12"));
    EXPECT_THAT(shape_error(R"({"type": "reshape", "target_shape": [5]})", {4, 3}), HasSubstr("[5]"));
    EXPECT_THAT(shape_error(R"({"type": "permute", "dims": [2, 1]})", {4, 3, 2}), HasSubstr("2 axes"));
}

TEST(ShapeLayers, ReshapeIsAView) {
    EXPECT_TRUE(make(R"({"type": "reshape", "target_shape": [-1]})")->is_view());
}

TEST(MaxPooling, LetsNanThrough) {
    LayerWalk walk(make(R"({"type": "max_pooling1d", "pool_size": 3})"), {6, 1}, 1);
    walk.x = {1.0F, std::numeric_limits<float>::quiet_NaN(), 2.0F, -1.0F, -3.0F, -2.0F};
    walk.forward();
    EXPECT_TRUE(std::isnan(walk.y[0]));
    EXPECT_EQ(walk.y[1], -1.0F);
}

TEST(SpatialDropout, DropsWholeChannels) {
    constexpr std::size_t kPlaces = 6, kChannels = 500;
    LayerWalk walk(make(R"({"type": "spatial_dropout2d", "rate": 0.25})"), {2, 3, kChannels}, 4);
    walk.x.assign(4 * kPlaces * kChannels, 1.0F);
    walk.dy = walk.x;
    walk.forward();
    walk.backward();
    EXPECT_EQ(walk.y, walk.dx);  // the same channels
    for (std::size_t row = 0; row < 4; ++row) {
        const auto first = walk.y.begin() + static_cast<std::ptrdiff_t>(row * kPlaces * kChannels);
        for (std::size_t place = 1; place < kPlaces; ++place)
            EXPECT_TRUE(
                std::equal(first, first + kChannels, first + static_cast<std::ptrdiff_t>(place * kChannels)));
    }
    const auto dropped = static_cast<double>(std::ranges::count(walk.y, 0.0F)) / kPlaces;
    EXPECT_NEAR(dropped, 0.25 * 4 * kChannels, 60.0);  // three sigma
    EXPECT_NEAR(*std::ranges::max_element(walk.y), 1.0 / 0.75, 1e-6);
}

TEST(GaussianNoise, HasItsMeanAndDeviation) {
    constexpr std::size_t kFeatures = 5000;
    LayerWalk walk(make(R"({"type": "gaussian_noise", "stddev": 0.5})"), {kFeatures}, 4);
    walk.x.assign(4 * kFeatures, 3.0F);
    walk.dy = walk.x;
    walk.forward();
    walk.backward();
    double sum = 0.0, squares = 0.0;
    for (const float y : walk.y) {
        sum += static_cast<double>(y) - 3.0;
        squares += (static_cast<double>(y) - 3.0) * (static_cast<double>(y) - 3.0);
    }
    const auto count = static_cast<double>(walk.y.size());
    EXPECT_NEAR(sum / count, 0.0, 0.015);  // four sigma
    EXPECT_NEAR(std::sqrt(squares / count), 0.5, 0.01);
    EXPECT_EQ(walk.dx, walk.dy);
}

TEST(GaussianNoise, BelongsToTheSample) {
    LayerWalk both(make(R"({"type": "gaussian_noise", "stddev": 0.5})"), {9}, 2);
    both.x.assign(18, 0.0F);
    both.forward();
    LayerWalk first(make(R"({"type": "gaussian_noise", "stddev": 0.5})"), {9}, 1);
    first.x.assign(9, 0.0F);
    first.forward();
    EXPECT_TRUE(std::equal(first.y.begin(), first.y.end(), both.y.begin()));
    EXPECT_FALSE(std::equal(first.y.begin(), first.y.end(), both.y.begin() + 9));
}

TEST(Embedding, RefusesOtherNumbers) {
    for (const float bad : {5.0F, -1.0F, 1.5F, std::numeric_limits<float>::quiet_NaN()}) {
        LayerWalk walk(make(R"({"type": "embedding", "input_dim": 5, "output_dim": 2})"), {3}, 2);
        walk.x = {0.0F, 1.0F, 4.0F, 2.0F, bad, 0.0F};
        const std::string message = error_of<DataError>([&] { walk.forward(); });
        EXPECT_THAT(message, HasSubstr("from 0 to input_dim - 1 = 4"));
        EXPECT_THAT(message, HasSubstr("as input 1 of sample 1"));
    }
}

}  // namespace
