// Metrics of outputs that are values, by hand; see golden_metric_test.cpp for larger cases.
#include <cmath>
#include <span>

#include <gtest/gtest.h>

#include <lockstep/core/error.h>

#include "metric_value.h"
#include "random_values.h"

using namespace lockstep;
using metric_value::of;

namespace {

TEST(ValueMetric, RootMeanSquaredErrorByHand) {
    EXPECT_DOUBLE_EQ(of("rmse", 2, {1, 2, 3, 4}, {1, 4, 3, 7}), std::sqrt(13.0 / 4));
    EXPECT_DOUBLE_EQ(of("root_mean_squared_error", 2, {1, 2}, {0, 0}, {3, 1}), std::sqrt(7.0 / 4));
    EXPECT_TRUE(make_metric("rmse")->in_target_units());
    EXPECT_TRUE(make_metric("rmse")->lower_is_better());
    EXPECT_THROW(make_metric("rmse")->build({4}, {1}), ShapeError);
    EXPECT_TRUE(std::isnan(make_metric("rmse")->result(std::vector<double>(2))));
}

TEST(ValueMetric, R2ByHand) {
    EXPECT_DOUBLE_EQ(of("r2_score", 4, {1, 2, 3, 5}, {1, 2, 3, 4}), 1 - 1.0 / 5);
    EXPECT_DOUBLE_EQ(of("r2_score", 4, {2.5F, 2.5F, 2.5F, 2.5F}, {1, 2, 3, 4}), 0.0);
    EXPECT_DOUBLE_EQ(of("r2_score", 2, {1, 0}, {3, 0}, {1, 2}), 1 - 4.0 / 6);  // mean 1: 4 + 2 x 1
    // The features have 1 - 1 / 2 and 1 - 0 / 18.
    const std::vector<float> outputs{1, 0, 2, 6}, targets{0, 0, 2, 6};
    EXPECT_DOUBLE_EQ(of("r2_score", 2, outputs, targets), 0.75);
    const Config by_variance =
        Config::table({{"type", "r2_score"}, {"class_aggregation", "variance_weighted_average"}});
    EXPECT_DOUBLE_EQ(of(by_variance, 2, outputs, targets), (2 * 0.5 + 18 * 1.0) / 20);
    EXPECT_THROW(make_metric(Config::table({{"type", "r2_score"}, {"class_aggregation", "none"}})),
                 ConfigError);
}

TEST(ValueMetric, R2OfEqualTargetsIsFinite) {
    const auto metric = make_metric("r2_score");
    metric->build({1}, {1});
    const std::vector<float> same(7, 0.1F), other(7, 0.2F);
    const auto weights = random_values(7000, 1, 0.0F, 2.0F);
    std::vector<double> right(metric->state_size()), wrong(metric->state_size());
    for (std::size_t first = 0; first < weights.size(); first += 7) {  // roundings of many parts
        const auto of_part = std::span(weights).subspan(first, 7);
        metric->update({same.data(), 7, 1}, {same.data(), 7, 1}, of_part, right);
        metric->update({other.data(), 7, 1}, {same.data(), 7, 1}, of_part, wrong);
    }
    EXPECT_EQ(metric->result(right), 1.0);
    EXPECT_EQ(metric->result(wrong), 0.0);
    EXPECT_EQ(of("r2_score", 1, {2}, {1}), 0.0);
}

TEST(ValueMetric, R2KeepsNineDigitsFarFromZero) {
    constexpr std::size_t kRows = 20000;
    const auto noise = random_values(kRows, 1), error = random_values(kRows, 2, -0.2F, 0.2F);
    std::vector<float> targets(kRows), outputs(kRows);
    double mean = 0.0, total = 0.0, residual = 0.0;
    for (std::size_t i = 0; i < kRows; ++i) {
        targets[i] = 577.0F + noise[i];  // 1000 standard deviations
        outputs[i] = targets[i] + error[i];
        mean += static_cast<double>(targets[i]) / kRows;
    }
    for (std::size_t i = 0; i < kRows; ++i) {
        const double target = static_cast<double>(targets[i]);
        total += (target - mean) * (target - mean);
        residual += (target - static_cast<double>(outputs[i])) * (target - static_cast<double>(outputs[i]));
    }
    EXPECT_NEAR(of("r2_score", kRows, outputs, targets), 1 - residual / total, 1e-9);
}

TEST(ValueMetric, CosineSimilarityIsNotTheLoss) {
    EXPECT_DOUBLE_EQ(of("cosine_similarity", 2, {3, 4, 1, 0}, {6, 8, 0, 1}), 0.5);
    EXPECT_DOUBLE_EQ(of("cosine_similarity", 1, {1, 0}, {-2, 0}), -1.0);
    EXPECT_EQ(of("cosine_similarity", 1, {0, 0}, {1, 1}), 0.0);
    EXPECT_FALSE(make_metric("cosine_similarity")->lower_is_better());
}

TEST(ValueMetric, CosineSimilarityGoesAlongTheLastAxis) {
    const auto metric = make_metric("cosine_similarity");
    metric->build({2, 2}, {2, 2});
    const std::vector<float> outputs{1, 0, 0, 5}, targets{1, 0, 0, 1};
    std::vector<double> state(2);
    metric->update({outputs.data(), 1, 4}, {targets.data(), 1, 4}, {}, state);
    EXPECT_DOUBLE_EQ(metric->result(state), 1.0);
}

}  // namespace
