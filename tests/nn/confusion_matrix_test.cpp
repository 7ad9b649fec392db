// Metrics of the confusion matrix, by hand; see golden_metric_test.cpp for larger cases.
#include <cmath>

#include <gtest/gtest.h>

#include <lockstep/core/error.h>

#include "metric_value.h"

using namespace lockstep;
using metric_value::of;
using metric_value::with;

namespace {

// Classes 0, 0, 1, 1, 2 are taken for 0, 1, 1, 1, 0.
const std::vector<float> kThree{5, 1, 0, 1, 5, 0, 1, 5, 0, 1, 5, 0, 5, 1, 0}, kThreeTruth{0, 0, 1, 1, 2};

TEST(ConfusionMatrix, ByHand) {
    EXPECT_DOUBLE_EQ(of("mean_io_u", 5, kThree, kThreeTruth), (1.0 / 3 + 2.0 / 3 + 0) / 3);
    EXPECT_DOUBLE_EQ(of(with("io_u", "target_class_ids", Config::array({1})), 5, kThree, kThreeTruth),
                     2.0 / 3);
    EXPECT_DOUBLE_EQ(of("balanced_accuracy", 5, kThree, kThreeTruth), (0.5 + 1 + 0) / 3);
    EXPECT_DOUBLE_EQ(of(with("class_recall", "class_id", 0), 5, kThree, kThreeTruth), 0.5);
    // 3 of 5 agree; by chance (2 x 2 + 2 x 3 + 1 x 0) / 25.
    EXPECT_DOUBLE_EQ(of("cohen_kappa", 5, kThree, kThreeTruth), (3.0 / 5 - 0.4) / (1 - 0.4));
    EXPECT_DOUBLE_EQ(of("matthews_correlation_coefficient", 5, kThree, kThreeTruth),
                     (3 * 5 - 10) / std::sqrt((25 - 9.0) * (25 - 13.0)));
}

TEST(ConfusionMatrix, OfOneOutput) {
    // TP 2, FP 1, TN 1, FN 1.
    const std::vector<float> outputs{0.9F, 0.8F, 0.7F, 0.2F, 0.1F}, targets{1, 1, 0, 1, 0};
    EXPECT_NEAR(of("matthews_correlation_coefficient", 5, outputs, targets),
                (2 * 1 - 1 * 1) / std::sqrt(3.0 * 3 * 2 * 2), 1e-15);
    EXPECT_DOUBLE_EQ(of("mean_io_u", 5, outputs, targets), (1.0 / 3 + 2.0 / 4) / 2);
    EXPECT_DOUBLE_EQ(of(with("class_recall", "class_id", 1), 5, outputs, targets), 2.0 / 3);
    EXPECT_DOUBLE_EQ(of(with("balanced_accuracy", "threshold", 0.75), 5, outputs, targets),
                     (1 + 2.0 / 3) / 2);
}

TEST(ConfusionMatrix, OfOneClassAlone) {
    const std::vector<float> outputs{1, 0, 1, 0};
    EXPECT_EQ(of("cohen_kappa", 2, outputs, {0, 0}), 0.0);
    EXPECT_EQ(of("matthews_correlation_coefficient", 2, outputs, {0, 1}), 0.0);
    EXPECT_EQ(of("mean_io_u", 2, outputs, {0, 0}), 1.0);  // class 1 is not there
    EXPECT_EQ(of("balanced_accuracy", 2, outputs, {0, 0}), 1.0);
    EXPECT_EQ(of(with("class_recall", "class_id", 1), 2, outputs, {0, 0}), 0.0);
}

TEST(ConfusionMatrix, MeanIoUCountsPositions) {
    const auto metric = make_metric(with("mean_io_u", "ignore_class", 255));
    metric->build({2, 2, 2}, {2, 2, 1});
    const std::vector<float> outputs{1, 0, 0, 1, 1, 0, 0, 1}, targets{255, 1, 1, 0};
    std::vector<double> state(metric->state_size());
    metric->update({outputs.data(), 1, 8}, {targets.data(), 1, 4}, {}, state);
    EXPECT_EQ(state, (std::vector<double>{0, 1, 1, 1}));
    EXPECT_DOUBLE_EQ(metric->result(state), (0 + 1.0 / 3) / 2);
    metric->build({2, 2, 2}, {2, 2, 2});
    EXPECT_THROW(metric->build({2, 2, 2}, {3}), ShapeError);
    EXPECT_THROW(of("mean_io_u", 1, {1, 0}, {2}), DataError);
}

TEST(ConfusionMatrix, ChecksOptions) {
    EXPECT_THROW(make_metric(with("mean_io_u", "num_classes", 1)), ConfigError);
    EXPECT_THROW(make_metric(with("mean_io_u", "num_classes", 3))->build({4}, {1}), ShapeError);
    EXPECT_THROW(make_metric(with("io_u", "target_class_ids", Config::array())), ConfigError);
    EXPECT_THROW(make_metric(with("class_recall", "class_id", 4))->build({4}, {1}), ShapeError);
    EXPECT_THROW(make_metric("class_recall"), ConfigError);
    EXPECT_THROW(make_metric(with("cohen_kappa", "weightage", "cubic")), ConfigError);
}

}  // namespace
