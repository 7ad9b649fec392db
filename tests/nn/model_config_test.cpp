#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/nn/sequential.h>

#include "error_of.h"

using namespace lockstep;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

namespace {

const char* const kModel = R"({
    "input": [28, 28, 1],
    "layers": [
        "flatten",
        {"type": "dense", "units": 32, "activation": "relu", "kernel_initializer": "he_normal"},
        {"type": "dropout", "rate": 0.25, "name": "drop"},
        {"type": "tanh"},
        {"type": "activation", "activation": "sigmoid"},
        {"type": "dense", "units": 10, "use_bias": false, "activation": "softmax"}
    ]})";

/// A model whose second layer is `layer`, as if written in line 12 of job.toml.
Config model_with(const std::string& layer) {
    Config config =
        Config::from_json(R"({"input": [4], "layers": [{"type": "dense", "units": 3}, )" + layer + "]}");
    config.set_origin({"job.toml", 12}, "model");
    return config;
}

std::string message_of(const Config& config) {
    return error_of<Error>([&] { Sequential::from_config(config).build(); });
}

TEST(ModelConfig, RoundTrip) {
    Sequential model = Sequential::from_config(Config::from_json(kModel));
    model.build();
    const Config config = model.config();
    Sequential again = Sequential::from_config(Config::from_json(config.to_json()));
    again.build();
    EXPECT_TRUE(again.config() == config) << again.config().to_json() << "\n" << config.to_json();
    EXPECT_EQ(again.summary(), model.summary());

    EXPECT_EQ(config.at("layers").size(), 6U);
    const Config dense = config.at("layers")[1];
    EXPECT_EQ(dense.get<std::string>("name"), "dense");
    EXPECT_EQ(dense.get<std::size_t>("units"), 32U);
    EXPECT_EQ(dense.get<std::string>("kernel_initializer"), "he_normal");
    EXPECT_EQ(config.at("layers")[3].get<std::string>("type"), "tanh");
    // The model took the activation over, but the layer still says how it was made.
    EXPECT_EQ(config.at("layers")[5].get<std::string>("activation"), "softmax");
}

TEST(ModelConfig, InitializersAreNamesOrTables) {
    const Config written = Config::from_json(
        R"({"type": "dense", "units": 3, "kernel_initializer": {"type": "random_normal", "stddev": 0.5},
            "bias_initializer": {"type": "constant", "value": 0.25}})");
    Sequential model = Sequential::from_config(
        Config::table({{"input", Config::array({4})}, {"layers", Config::array({written})}}));
    model.build();
    std::vector<float> store(model.parameters().size);
    model.initialize(store, 1);
    EXPECT_EQ(store[model.parameters().parameters[1].offset], 0.25F);
    const Config layer = model.config().at("layers")[0];
    EXPECT_EQ(layer.at("kernel_initializer").get<double>("stddev"), 0.5);
    EXPECT_TRUE(layer.at("bias_initializer") == written.at("bias_initializer"));
}

TEST(ModelConfig, ErrorsOfInitializersNameLineAndKey) {
    EXPECT_THAT(
        message_of(model_with(R"({"type": "dense", "units": 2, "kernel_initializer": "he_nromal"})")),
        StartsWith("job.toml:12: model.layers[1].kernel_initializer: there is no initializer \"he_nromal\"; "
                   "did you mean \"he_normal\"?"));
    EXPECT_THAT(message_of(model_with(R"({"type": "dense", "units": 2,
                                          "bias_initializer": {"type": "constant", "vlaue": 1}})")),
                AllOf(StartsWith("job.toml:12: model.layers[1].bias_initializer.vlaue"), HasSubstr("value")));
    EXPECT_THAT(
        message_of(model_with(R"({"type": "dense", "units": 2,
                                          "bias_initializer": {"type": "random_normal", "stddev": -1}})")),
        StartsWith("job.toml:12: model.layers[1].bias_initializer: stddev: expected a number of at least "
                   "0, got -1"));
    EXPECT_THAT(message_of(model_with(R"({"type": "dense", "units": 2, "kernel_initializer": 3})")),
                StartsWith("job.toml:12: model.layers[1].kernel_initializer: expected"));
}

TEST(ModelConfig, ErrorsNameLineAndKey) {
    EXPECT_THAT(
        message_of(model_with(R"({"type": "dense", "units": 0})")),
        AllOf(HasSubstr("job.toml:12: model.layers[1]"), HasSubstr("units: expected at least 1, got 0")));
    EXPECT_THAT(message_of(model_with(R"({"type": "dropout", "rate": 1.0})")),
                AllOf(HasSubstr("job.toml:12: model.layers[1]"),
                      HasSubstr("rate: expected a number in [0, 1), got 1")));
    EXPECT_THAT(message_of(model_with(R"({"type": "dense", "units": 2, "activation": "rleu"})")),
                AllOf(HasSubstr("job.toml:12"), HasSubstr("did you mean \"relu\"?")));
    EXPECT_THAT(message_of(model_with(R"({"type": "densee", "units": 2})")),
                AllOf(HasSubstr("job.toml:12"), HasSubstr("did you mean \"dense\"?")));
    EXPECT_THAT(message_of(model_with(R"({"type": "dense", "unit": 2})")),
                AllOf(HasSubstr("job.toml:12"), HasSubstr("units")));
    EXPECT_THAT(message_of(model_with(R"({"type": "dense", "units": 2, "use_bais": true})")),
                AllOf(HasSubstr("job.toml:12: model.layers[1].use_bais"), HasSubstr("use_bias")));
    EXPECT_THAT(message_of(model_with(R"({"type": "dense", "units": 2, "name": "dense"})")),
                AllOf(HasSubstr("job.toml:12: model.layers[1]"), HasSubstr("two layers named \"dense\"")));
}

TEST(ModelConfig, ShapeErrorsNameLineAndLayer) {
    Config config = Config::from_json(R"({"input": [], "layers": [{"type": "dense", "units": 3}]})");
    config.set_origin({"job.toml", 7}, "model");
    EXPECT_THAT(message_of(config), AllOf(HasSubstr("job.toml:7: model.layers[0]: layer \"dense\""),
                                          HasSubstr("expected inputs of at least one axis")));
}

TEST(ModelConfig, RejectsIncompleteModels) {
    EXPECT_THAT(message_of(Config::from_json(R"({"layers": ["relu"]})")), HasSubstr("input"));
    EXPECT_THAT(message_of(Config::from_json(R"({"input": [3], "layers": []})")), HasSubstr("layers"));
    EXPECT_THAT(message_of(Config::from_json(R"({"input": [3, 0], "layers": ["relu"]})")),
                HasSubstr("[3, 0]"));
    EXPECT_THAT(message_of(Config::from_json(R"({"input": [3], "layers": ["relu"], "layer": 1})")),
                HasSubstr("layer"));
}

}  // namespace
