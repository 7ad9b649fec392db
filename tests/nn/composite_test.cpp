// What the golden cases of layers made of layers leave out: names, random numbers, errors, and that the parts
// of the outer layer are those of the inner ones.
#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/nn/layers/concatenate.h>
#include <lockstep/nn/layers/dense.h>
#include <lockstep/nn/layers/dropout.h>
#include <lockstep/nn/layers/residual.h>
#include <lockstep/nn/registry.h>
#include <lockstep/nn/workspace.h>

#include "layer_walk.h"
#include "random_values.h"
#include "walk.h"

using namespace lockstep;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

namespace {

constexpr std::size_t kFeatures = 1000;

const char* const kNested = R"({"type": "concatenate", "branches": [
    [{"type": "dense", "units": 3}, {"type": "dense", "units": 4}],
    [{"type": "residual", "layers": [{"type": "dense", "units": 2, "name": "inner"}, "batch_normalization"],
      "shortcut": [{"type": "dense", "units": 2, "use_bias": false}], "activation": "relu"}],
    []]})";

std::unique_ptr<Layer> make(const std::string& json) {
    return make_layer(Config::from_json(json));
}

/// A model of one layer, as if written in line 5 of job.toml.
Sequential model_of(const std::string& layer, const std::string& input = "[5]") {
    Config config = Config::from_json(R"({"input": )" + input + R"(, "layers": [)" + layer + "]}");
    config.set_origin({"job.toml", 5}, "model");
    return Sequential::from_config(config);
}

std::string message_of(const std::string& layer, const std::string& input = "[5]") {
    try {
        model_of(layer, input).build();
    } catch (const Error& error) {
        EXPECT_EQ(error.exit_code(), ExitCode::usage);
        return error.what();
    }
    return "no error";
}

std::vector<std::string> paths_of(const Sequential& model) {
    std::vector<std::string> paths;
    for (const Parameter& parameter : model.parameters().parameters) paths.push_back(parameter.path());
    return paths;
}

TEST(Composite, WeightsAreNamedAfterTheLayersInside) {
    Sequential model = model_of(kNested);
    model.build();
    EXPECT_EQ(model.output_shape(), Shape({4 + 2 + 5}));
    EXPECT_THAT(
        paths_of(model),
        ElementsAre("concatenate/branch_0/dense/kernel", "concatenate/branch_0/dense/bias",
                    "concatenate/branch_0/dense_1/kernel", "concatenate/branch_0/dense_1/bias",
                    "concatenate/branch_1/residual/inner/kernel", "concatenate/branch_1/residual/inner/bias",
                    "concatenate/branch_1/residual/batch_normalization/gamma",
                    "concatenate/branch_1/residual/batch_normalization/beta",
                    "concatenate/branch_1/residual/batch_normalization/moving_mean",
                    "concatenate/branch_1/residual/batch_normalization/moving_variance",
                    "concatenate/branch_1/residual/shortcut/dense/kernel"));
    EXPECT_EQ(model.parameters().groups.size(), 1U);
    const Parameter& mean = model.parameters().parameters[8];
    EXPECT_EQ(mean.rule, WeightRule::running_average);
    EXPECT_EQ(mean.momentum, 0.99);
}

TEST(Composite, HasTheStatisticsOfTheLayersInside) {
    EXPECT_TRUE(model_of(kNested).has_shard_statistics());
    EXPECT_FALSE(model_of(R"({"type": "residual", "layers": ["relu"]})").has_shard_statistics());
    EXPECT_TRUE(model_of(R"({"type": "residual", "layers": ["relu"], "shortcut": ["batch_normalization"]})")
                    .has_shard_statistics());
}

TEST(Composite, CountsTheOperationsInside) {
    Sequential model = model_of(kNested);
    model.build();
    const double dense = (2 * 5 + 1) * 3 + (2 * 3 + 1) * 4, inner = (2 * 5 + 1) * 2 + 7 * 2, way = 2 * 5 * 2;
    EXPECT_EQ(model.flops_per_sample(), dense + inner + way + 2);
    EXPECT_EQ(model.training_flops_per_sample(), 2 * model.flops_per_sample());  // dx is not needed
}

TEST(Composite, TheSummaryShowsTheLayersInside) {
    Sequential model = model_of(kNested);
    model.build();
    const std::string summary = model.summary();
    EXPECT_THAT(summary, HasSubstr("\nconcatenate (concatenate)  "));
    EXPECT_THAT(summary, HasSubstr("\n  branch_0/dense_1 (dense)  "));
    EXPECT_THAT(summary, HasSubstr("\n  branch_1/residual (residual)  "));
    EXPECT_THAT(summary, HasSubstr("\n    shortcut/dense (dense)  "));
    EXPECT_THAT(summary, HasSubstr("Total parameters: 64 "));      // 34 + 12 + 8 + 10
    EXPECT_THAT(summary, HasSubstr("Trainable parameters: 60 "));  // without two moving averages of 2
    EXPECT_THAT(summary, HasSubstr("Not trainable: 4 "));
}

TEST(Composite, ComesBackFromItsConfig) {
    Sequential model = model_of(kNested);
    model.build();
    const Config config = model.config();
    Sequential again = Sequential::from_config(Config::from_json(config.to_json()));
    again.build();
    EXPECT_EQ(again.summary(), model.summary());
    EXPECT_TRUE(again.config() == config) << again.config().to_json();
}

TEST(Composite, IsMadeByProgramsToo) {
    LayerList branch;
    branch.add<Dense>({.units = 3}).add<Dropout>({.rate = 0.5}, "drop");
    Residual::Options block;
    block.layers.add<Dense>({.units = 5});
    Concatenate::Options options;
    options.branches.push_back(std::move(branch));
    options.branches.emplace_back().add<Residual>(std::move(block));
    Sequential model({5});
    model.add<Concatenate>(std::move(options), "both");
    model.build();
    EXPECT_THAT(paths_of(model),
                ElementsAre("both/branch_0/dense/kernel", "both/branch_0/dense/bias",
                            "both/branch_1/residual/dense/kernel", "both/branch_1/residual/dense/bias"));
}

/// What ones become in training.
std::vector<float> dropped(const std::string& layer) {
    LayerWalk walk(make(layer), Shape{kFeatures}, 1);
    walk.x.assign(kFeatures, 1.0F);
    walk.forward();
    return walk.y;
}

double zeros(const std::vector<float>& values) {
    return static_cast<double>(std::count(values.begin(), values.end(), 0.0F));
}

TEST(Composite, EachLayerInsideDropsAtRandomByItself) {
    const auto both = dropped(
        R"({"type": "concatenate", "branches": [[{"type": "dropout", "rate": 0.5}], [{"type": "dropout", "rate": 0.5}]]})");
    const std::vector<float> first(both.begin(), both.begin() + kFeatures),
        second(both.begin() + kFeatures, both.end());
    EXPECT_NE(first, second);
    EXPECT_NE(zeros(first), 0.0);
    // One after the other: a quarter is left, not a half. Four standard deviations.
    const std::string twice = R"([{"type": "dropout", "rate": 0.5}, {"type": "dropout", "rate": 0.5}])";
    EXPECT_NEAR(zeros(dropped(R"({"type": "concatenate", "branches": [)" + twice + "]}")), 750, 55);
    // The two ways of a residual: a quarter is dropped on both.
    const std::string ways =
        R"({"type": "residual", "layers": [{"type": "dropout", "rate": 0.5}], "shortcut": [{"type": "dropout", "rate": 0.5}]})";
    EXPECT_NEAR(zeros(dropped(ways)), 250, 55);
}

TEST(Composite, RandomNumbersDoNotDependOnTheShards) {
    Sequential model = model_of(
        R"({"type": "residual", "layers": [{"type": "dropout", "rate": 0.5}, {"type": "gaussian_noise", "stddev": 1}]})");
    model.build();
    constexpr std::size_t kRows = 7;
    const auto outputs = [&](const std::vector<std::size_t>& shards, std::uint64_t pass) {
        Workspace workspace(model, {}, kRows, shards.size(), true);
        workspace.begin_pass(1, pass);
        std::ranges::fill(workspace.inputs().values(), 1.0F);
        const auto y = workspace.forward(workspace.inputs(), walk::make_shards(shards), true, {}).values();
        return std::vector<float>(y.begin(), y.end());
    };
    EXPECT_EQ(outputs({3, 0, 4}, 0), outputs({kRows}, 0));
    EXPECT_NE(outputs({kRows}, 0), outputs({kRows}, 1));
}

TEST(Composite, LeavesOutWhatNobodyNeedsForDx) {
    const std::string branch =
        R"(["tanh", {"type": "dense", "units": 3}, "tanh", {"type": "dense", "units": 5}])";
    LayerWalk walk(make(R"({"type": "concatenate", "branches": [[], )" + branch + ", " + branch + "]}"),
                   Shape{5}, 4);
    walk.x = random_values(20, 1);
    walk.dy = random_values(60, 2);
    for (std::size_t i = 0; i < walk.weights.size(); ++i)
        walk.weights[i] = random_values(walk.weights[i].size(), static_cast<unsigned>(i));
    walk.forward();
    walk.backward();
    const auto gradients = walk.gradients;
    walk.backward(/*needs_dx=*/false);
    EXPECT_EQ(walk.gradients, gradients);
}

TEST(Composite, ShapesThatDoNotFitAreSaid) {
    EXPECT_THAT(
        message_of(R"({"type": "residual", "layers": [{"type": "dense", "units": 3}]})"),
        AllOf(StartsWith("job.toml:5: model.layers[0]: layer \"residual\": expected layers and shortcut"),
              HasSubstr("got [3] from the layers and [5] from the shortcut")));
    EXPECT_THAT(
        message_of(R"({"type": "concatenate", "branches": [[], [{"type": "dense", "units": 3}, "flatten"]]})",
                   "[2, 5]"),
        HasSubstr("got [2, 5] from branch_0 and [6] from branch_1"));
    EXPECT_THAT(
        message_of(R"({"type": "concatenate", "branches": [[], [{"type": "cropping1d", "cropping": 1}]]})",
                   "[4, 5]"),
        HasSubstr("got [4, 5] from branch_0 and [2, 5] from branch_1"));
}

TEST(Composite, ErrorsInsideNameTheInnermostPlace) {
    const std::string inner = message_of(
        R"({"type": "concatenate", "branches": [[{"type": "residual", "layers": [{"type": "lstm", "units": 3}]}]]})");
    EXPECT_THAT(inner,
                StartsWith("job.toml:5: model.layers[0].branches[0][0].layers[0]: layer \"lstm\": expected "
                           "inputs [time, features]"));
    LayerList layers;
    Residual::Options block;
    block.layers.add<Dense>({.units = 3});
    layers.add<Residual>(std::move(block), "block");
    try {
        layers.build(Shape{});
        FAIL() << "no error";
    } catch (const ShapeError& error) {
        EXPECT_THAT(error.what(), StartsWith("layer \"block\": layer \"dense\": expected inputs"));
    }
    EXPECT_THAT(
        message_of(R"({"type": "residual", "layers": [{"type": "dens", "units": 3}]})"),
        AllOf(StartsWith("job.toml:5: model.layers[0].layers[0]"), HasSubstr("did you mean \"dense\"?")));
    EXPECT_THAT(message_of(R"({"type": "residual", "layers": [{"type": "dense", "units": 5, "unit": 3}]})"),
                HasSubstr("model.layers[0].layers[0].unit: unknown key"));
}

TEST(Composite, RejectsWhatItCannotBeMadeOf) {
    EXPECT_THAT(message_of(R"({"type": "residual", "layers": []})"), HasSubstr("at least one layer"));
    EXPECT_THAT(message_of(R"({"type": "residual", "layers": {"type": "relu"}})"),
                HasSubstr("a list of layers"));
    EXPECT_THAT(message_of(R"({"type": "residual", "layers": [{"type": "relu", "name": "shortcut"}]})"),
                HasSubstr("choose another"));
    EXPECT_THAT(message_of(R"({"type": "residual", "layers": ["relu"], "activation": "rely"})"),
                HasSubstr("did you mean \"relu\"?"));
    EXPECT_THAT(message_of(R"({"type": "concatenate", "branches": []})"), HasSubstr("at least one branch"));
    EXPECT_THAT(message_of(R"({"type": "concatenate", "branches": ["relu"]})"),
                HasSubstr("a list of layers"));
    EXPECT_THAT(
        message_of(
            R"({"type": "residual", "layers": [{"type": "relu", "name": "a"}, {"type": "tanh", "name": "a"}]})"),
        HasSubstr("two layers named \"a\""));
}

TEST(Composite, GivesUpTheActivationOfAResidualThatEndsTheModel) {
    Sequential model = model_of(
        R"({"type": "residual", "layers": [{"type": "dense", "units": 5}], "activation": "softmax"})");
    model.build();
    ASSERT_NE(model.output_activation(), nullptr);
    EXPECT_EQ(model.output_activation()->type(), "softmax");
    Sequential of_places = model_of(
        R"({"type": "residual", "layers": [{"type": "dense", "units": 5}], "activation": "softmax"})",
        "[2, 5]");
    of_places.build();
    EXPECT_EQ(of_places.output_activation(), nullptr);
}

}  // namespace
