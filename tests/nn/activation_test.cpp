// Names, options and errors of activations; golden_layer_test.cpp has their values.
#include <algorithm>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/nn/layers/prelu.h>
#include <lockstep/nn/registry.h>

#include "error_of.h"

using namespace lockstep;
using testing::HasSubstr;

namespace {

std::string message_of(const char* json) {
    return error_of<ConfigError>([&] { make_layer(Config::from_json(json)); });
}

TEST(Activation, EachHasANameAndAFormula) {
    for (const std::string& type : activation_types()) {
        EXPECT_FALSE(activation_help(type).summary.empty()) << type;
        const auto made = make_activation(type);
        EXPECT_EQ(made ? made->type() : "linear", type);
        EXPECT_EQ(make_layer(type)->type(), type);
    }
    EXPECT_TRUE(std::ranges::is_sorted(activation_types()));
    EXPECT_THROW(activation_help("gelo"), ConfigError);
}

TEST(Activation, OneThatNeedsItsInputStaysWithItsLayer) {
    for (const char* type : {"gelu", "silu"}) {
        const auto layer = make_layer(type);
        layer->build({3});
        EXPECT_EQ(layer->release_activation(), nullptr) << type;
    }
    const auto layer = make_layer("softplus");
    layer->build({3});
    EXPECT_NE(layer->release_activation(), nullptr);
}

TEST(Activation, OptionsMakeTheSameLayerAgain) {
    for (const char* json :
         {R"({"type": "relu"})",
          R"({"type": "relu", "max_value": 6, "threshold": 0.5, "negative_slope": 0.25})",
          R"({"type": "elu", "alpha": 0.5})", R"({"type": "leaky_relu", "negative_slope": 0.125})",
          R"({"type": "prelu", "shared_axes": [1, 2], "alpha_initializer": "ones"})"}) {
        const Config written = Config::from_json(json);
        Config config = make_layer(written)->config();
        config.set("type", written.at("type"));
        const auto again = make_layer(config);
        EXPECT_EQ(again->type(), written.get<std::string>("type"));
        for (const std::string& key : written.keys()) EXPECT_EQ(config.at(key), written.at(key)) << json;
    }
}

TEST(Activation, BadOptionsAreNamed) {
    EXPECT_THAT(message_of(R"({"type": "relu", "max_value": -1})"),
                HasSubstr("max_value: expected a number >= 0"));
    EXPECT_THAT(message_of(R"({"type": "relu", "negative_slope": -1})"),
                HasSubstr("negative_slope: expected"));
    EXPECT_THAT(message_of(R"({"type": "relu", "threshold": -1})"), HasSubstr("threshold: expected"));
    EXPECT_THAT(message_of(R"({"type": "relu", "alpha": 1})"), HasSubstr("alpha"));
    EXPECT_THAT(message_of(R"({"type": "elu", "alpha": -1})"),
                HasSubstr("alpha: expected a number >= 0, got -1"));
    EXPECT_THAT(message_of(R"({"type": "leaky_relu", "negative_slope": -1})"), HasSubstr("negative_slope"));
    EXPECT_THAT(message_of(R"({"type": "prelu", "shared_axes": [0]})"), HasSubstr("0 is the batch"));
    EXPECT_THROW(Prelu({.shared_axes = {3}}).build({4, 5}), ShapeError);
}

}  // namespace
