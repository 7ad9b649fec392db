#include <array>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/nn/registry.h>

#include "metric_value.h"
#include "random_values.h"

using namespace lockstep;
using metric_value::of;

namespace {

const std::vector<float> kClasses{0.1F, 0.9F, 0.6F, 0.4F, 0.2F, 0.8F, 0.7F, 0.3F};  // 1, 0, 1, 0

TEST(Metric, ByHand) {
    EXPECT_DOUBLE_EQ(of("sparse_categorical_accuracy", 4, kClasses, {1, 1, 1, 0}), 0.75);
    EXPECT_DOUBLE_EQ(of("categorical_accuracy", 4, kClasses, {0, 1, 0, 1, 0, 1, 0, 1}), 0.5);
    EXPECT_DOUBLE_EQ(of("binary_accuracy", 4, {0.4F, 0.6F, 0.5F, 0.9F}, {0, 1, 1, 0}), 0.5);
    EXPECT_DOUBLE_EQ(of("binary_accuracy", 2, {0.4F, 0.6F, 0.2F, 0.9F}, {0, 1, 1, 1}), 0.75);
    EXPECT_DOUBLE_EQ(of("mae", 2, {1, 2, 3, 4}, {1, 4, 3, 7}), 1.25);
    EXPECT_DOUBLE_EQ(of("mean_squared_error", 2, {1, 2, 3, 4}, {1, 4, 3, 7}), 3.25);
}

TEST(Metric, PrecisionAndRecallByHand) {
    const std::vector<float> outputs{0.9F, 0.8F, 0.7F, 0.2F, 0.1F, 0.4F}, targets{1, 1, 0, 1, 0, 1};
    EXPECT_DOUBLE_EQ(of("precision", 6, outputs, targets), 2.0 / 3.0);
    EXPECT_DOUBLE_EQ(of("recall", 6, outputs, targets), 2.0 / 4.0);
    EXPECT_DOUBLE_EQ(of("precision", 6, outputs, targets, {3, 1, 1, 1, 1, 1}), 4.0 / 5.0);
    EXPECT_EQ(of("precision", 2, {0.1F, 0.2F}, {1, 0}), 0.0);  // nothing predicted: Keras says 0
    EXPECT_THROW(make_metric(Config::table({{"type", "recall"}, {"threshold", 1.5}})), ConfigError);
}

TEST(Metric, WeightsMakeAWeightedMean) {
    EXPECT_DOUBLE_EQ(of("sparse_categorical_accuracy", 4, kClasses, {1, 1, 1, 0}, {1, 5, 3, 1}), 0.5);
    EXPECT_DOUBLE_EQ(of("mse", 2, {1, 2}, {0, 0}, {3, 1}), 7.0 / 4.0);
}

TEST(Metric, ThresholdMovesTheBoundary) {
    const auto metric = make_metric(Config::table({{"type", "binary_accuracy"}, {"threshold", 0.55}}));
    EXPECT_DOUBLE_EQ(of(*metric, 4, {0.4F, 0.6F, 0.5F, 0.9F}, {0, 1, 0, 1}), 1.0);
    EXPECT_EQ(metric->config().get<double>("threshold"), 0.55);
}

TEST(Metric, AccuracyFollowsTheShapes) {
    EXPECT_DOUBLE_EQ(of("accuracy", 4, {0.4F, 0.6F, 0.5F, 0.9F}, {0, 1, 1, 0}), 0.5);  // binary
    EXPECT_DOUBLE_EQ(of("accuracy", 4, kClasses, {1, 1, 1, 0}), 0.75);                 // sparse
    EXPECT_DOUBLE_EQ(of("accuracy", 4, kClasses, {0, 1, 0, 1, 0, 1, 0, 1}), 0.5);      // categorical
    EXPECT_THROW(make_metric("accuracy")->build({4}, {3}), ShapeError);
    EXPECT_THROW(make_metric("sparse_categorical_accuracy")->build({4}, {4}), ShapeError);
    EXPECT_THROW(make_metric("mae")->build({4}, {1}), ShapeError);
}

TEST(Metric, OfNoSampleIsNotANumber) {
    const auto metric = make_metric("accuracy");
    EXPECT_TRUE(std::isnan(metric->result(std::array{0.0, 0.0})));
}

TEST(Metric, MergedStatesEqualTheWhole) {
    const auto outputs = random_values(30, 1), targets = random_values(30, 2),
               weights = random_values(10, 3, 0.0F, 2.0F);
    for (const std::string type : {"mae", "mse", "categorical_accuracy"}) {
        const auto metric = make_metric(type);
        metric->build({3}, {3});
        std::array<double, 2> whole{}, left{}, right{};
        const ConstMatrix all_outputs(outputs.data(), 10, 3), all_targets(targets.data(), 10, 3);
        metric->update(all_outputs, all_targets, weights, whole);
        metric->update(all_outputs.rows(0, 3), all_targets.rows(0, 3), std::span(weights).first(3), left);
        metric->update(all_outputs.rows(3, 7), all_targets.rows(3, 7), std::span(weights).subspan(3), right);
        const std::array merged{left[0] + right[0], left[1] + right[1]};
        EXPECT_NEAR(metric->result(merged), metric->result(whole), 1e-14) << type;
    }
}

TEST(Metric, NameIsAsWritten) {
    EXPECT_EQ(make_metric("mae")->name(), "mae");
    EXPECT_EQ(make_metric("mae")->type(), "mean_absolute_error");
    EXPECT_EQ(make_metric(Config::table({{"type", "mse"}}))->name(), "mse");
    EXPECT_EQ(make_metric(Config::table({{"type", "mse"}, {"name", "energy"}}))->name(), "energy");
}

TEST(Metric, ErrorsAreInTargetUnitsAndBetterWhenLower) {
    EXPECT_TRUE(make_metric("mae")->in_target_units());
    EXPECT_TRUE(make_metric("mse")->lower_is_better());
    EXPECT_FALSE(make_metric("accuracy")->in_target_units());
    EXPECT_FALSE(make_metric("accuracy")->lower_is_better());
}

}  // namespace
