// Metrics of classifiers, by hand; see golden_metric_test.cpp for larger cases.
#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include <lockstep/core/error.h>

#include "metric_value.h"
#include "random_values.h"

using namespace lockstep;
using metric_value::of;
using metric_value::with;

namespace {

// The examples of Keras' documentation.
const std::vector<float> kScores{0, 0.5F, 0.3F, 0.9F}, kTruth{0, 0, 1, 1};
const std::vector<float> kFiveScores{0, 0.3F, 0.8F, 0.3F, 0.8F}, kFiveTruth{0, 0, 0, 1, 1};

TEST(ClassMetric, AreaOfKerasExample) {
    EXPECT_DOUBLE_EQ(of(with("auc", "num_thresholds", 3), 4, kScores, kTruth), 0.75);
    EXPECT_DOUBLE_EQ(of(with("auc", "num_thresholds", 3), 4, kScores, kTruth, {1, 0, 0, 1}), 1.0);
}

TEST(ClassMetric, AreaByHand) {
    // At 0 and 0.5: TP 2, 1; FP 2, 0. Points of the precision-recall curve: (1, 1/2), (1/2, 1), (0, 0).
    const auto area = [](const char* method) {
        return of(
            Config::table(
                {{"type", "auc"}, {"num_thresholds", 3}, {"curve", "PR"}, {"summation_method", method}}),
            4, kScores, kTruth);
    };
    EXPECT_DOUBLE_EQ(area("minoring"), 0.25);
    EXPECT_DOUBLE_EQ(area("majoring"), 1.0);
    // Slope 1/3, intercept 1 - 1/3 between 4 and 1 predicted; precision 1 above.
    EXPECT_NEAR(area("interpolation"), ((1 + 2.0 / 3 * std::log(4.0)) / 3 + 1) / 2, 1e-15);
    EXPECT_DOUBLE_EQ(of("auc", 4, {0.1F, 0.2F, 0.8F, 0.9F}, kTruth), 1.0);
    EXPECT_DOUBLE_EQ(of("auc", 4, {0.9F, 0.8F, 0.2F, 0.1F}, kTruth), 0.0);
    EXPECT_DOUBLE_EQ(of("auc", 4, {0.4F, 0.4F, 0.4F, 0.4F}, kTruth), 0.5);
    EXPECT_DOUBLE_EQ(of("auc", 2, {0.4F, 0.7F}, {0, 0}), 0.0);  // no positives
}

TEST(ClassMetric, AreaTakesAnyOutput) {
    const float infinity = std::numeric_limits<float>::infinity();
    EXPECT_DOUBLE_EQ(of("auc", 4, {-infinity, -3, 7, infinity}, kTruth), 1.0);
    EXPECT_DOUBLE_EQ(of("auc", 2, {std::nanf(""), 0.5F}, {0, 1}), 1.0);
    EXPECT_DOUBLE_EQ(of(with("auc", "from_logits", true), 4, {-infinity, -1, 1, infinity}, kTruth), 1.0);
}

TEST(ClassMetric, AreaChecksItsOptions) {
    EXPECT_THROW(make_metric(with("auc", "curve", "roc-like")), ConfigError);
    EXPECT_THROW(make_metric(with("auc", "summation_method", "simpson")), ConfigError);
    EXPECT_THROW(make_metric(with("auc", "num_thresholds", 1)), ConfigError);
    EXPECT_THROW(make_metric("auc")->build({3}, {1}), ShapeError);
}

TEST(ClassMetric, RatesAtARateOfKerasExamples) {
    EXPECT_DOUBLE_EQ(of(with("sensitivity_at_specificity", "specificity", 0.5), 5, kFiveScores, kFiveTruth),
                     0.5);
    EXPECT_DOUBLE_EQ(of(with("sensitivity_at_specificity", "specificity", 0.5), 5, kFiveScores, kFiveTruth,
                        {1, 1, 2, 2, 1}),
                     1.0 / 3);
    EXPECT_DOUBLE_EQ(of(with("specificity_at_sensitivity", "sensitivity", 0.5), 5, kFiveScores, kFiveTruth),
                     2.0 / 3);
    EXPECT_DOUBLE_EQ(of(with("precision_at_recall", "recall", 0.5), 5, kFiveScores, kFiveTruth), 0.5);
    EXPECT_DOUBLE_EQ(
        of(with("precision_at_recall", "recall", 0.5), 5, kFiveScores, kFiveTruth, {2, 2, 2, 1, 1}), 1.0 / 3);
    EXPECT_DOUBLE_EQ(of(with("recall_at_precision", "precision", 0.8), 4, kScores, kTruth), 0.5);
    EXPECT_EQ(of(with("recall_at_precision", "precision", 0.8), 2, {0.9F, 0.9F}, {0, 1}), 0.0);
}

TEST(ClassMetric, RatesAtARateCheckTheirOptions) {
    EXPECT_THROW(make_metric("precision_at_recall"), ConfigError);
    EXPECT_THROW(make_metric(with("precision_at_recall", "recall", 1.5)), ConfigError);
    const auto metric =
        make_metric(Config::table({{"type", "precision_at_recall"}, {"recall", 0.5}, {"class_id", 3}}));
    EXPECT_THROW(metric->build({3}, {3}), ShapeError);
    EXPECT_EQ(metric->config().get<int>("class_id"), 3);
    EXPECT_EQ(metric->config().get<double>("recall"), 0.5);
}

TEST(ClassMetric, CountsByHand) {
    const std::vector<float> outputs{0.9F, 0.8F, 0.7F, 0.2F, 0.1F, 0.5F}, targets{1, 1, 0, 1, 0, 1};
    EXPECT_EQ(of("true_positives", 6, outputs, targets), 2.0);
    EXPECT_EQ(of("false_positives", 6, outputs, targets), 1.0);
    EXPECT_EQ(of("true_negatives", 6, outputs, targets), 1.0);
    EXPECT_EQ(of("false_negatives", 6, outputs, targets, {1, 1, 1, 5, 1, 0.5F}), 5.5);
    EXPECT_EQ(of(with("true_positives", "threshold", 0.15), 3, outputs, targets), 6.0 - 2.0);
    EXPECT_TRUE(make_metric("false_positives")->lower_is_better());
    EXPECT_TRUE(make_metric("false_negatives")->lower_is_better());
    EXPECT_FALSE(make_metric("true_positives")->lower_is_better());
    EXPECT_FALSE(make_metric("true_negatives")->lower_is_better());
}

TEST(ClassMetric, PrecisionAndRecallOfOneClass) {
    const std::vector<float> outputs{0.9F, 0.1F, 0.8F, 0.7F, 0.2F, 0.6F}, targets{1, 0, 0, 1, 1, 0};
    EXPECT_EQ(of(with("precision", "class_id", 0), 3, outputs, targets), 0.5);
    EXPECT_EQ(of(with("recall", "class_id", 0), 3, outputs, targets), 0.5);
    EXPECT_EQ(of(with("precision", "class_id", 1), 3, outputs, targets), 0.5);
    EXPECT_EQ(of(with("recall", "class_id", 1), 3, outputs, targets), 1.0);
    EXPECT_THROW(make_metric(with("recall", "class_id", 2))->build({2}, {2}), ShapeError);
}

TEST(ClassMetric, PrecisionAndRecallOfTheLargest) {
    const std::vector<float> outputs{-0.3F, -0.1F, -0.2F, 0.9F, 0.9F, 0.9F}, targets{1, 0, 1, 0, 1, 1};
    EXPECT_EQ(of(with("precision", "top_k", 2), 2, outputs, targets), 2.0 / 4);  // -0.1, -0.2; the first two
    EXPECT_EQ(of(with("recall", "top_k", 2), 2, outputs, targets), 2.0 / 4);
    EXPECT_EQ(of(with("recall", "top_k", 7), 2, outputs, targets), 1.0);
    const auto metric = make_metric(Config::table({{"type", "recall"}, {"top_k", 2}, {"threshold", 0.5}}));
    EXPECT_EQ(of(*metric, 2, outputs, targets), 1.0 / 4);
    EXPECT_EQ(of(with("recall", "top_k", 2), 1, {std::nanf(""), std::nanf(""), 1}, {0, 0, 1}), 0.0);
    EXPECT_FALSE(make_metric(with("recall", "top_k", 2))->config().contains("threshold"));
    EXPECT_EQ(make_metric("recall")->config().get<double>("threshold"), 0.5);
    EXPECT_THROW(make_metric(with("recall", "top_k", 0)), ConfigError);
}

TEST(ClassMetric, FScoreOfKerasExample) {
    const std::vector<float> outputs{0.2F, 0.6F, 0.7F, 0.2F, 0.6F, 0.6F, 0.6F, 0.8F, 0.0F},
        targets{1, 1, 1, 1, 0, 0, 1, 1, 0};
    const auto f1 = [&](const char* average) {
        return of(Config::table({{"type", "f1_score"}, {"threshold", 0.5}, {"average", average}}), 3, outputs,
                  targets);
    };
    EXPECT_DOUBLE_EQ(f1("macro"), (0.5 + 0.8 + 2.0 / 3) / 3);
    EXPECT_DOUBLE_EQ(f1("weighted"), (3 * 0.5 + 2 * 0.8 + 2.0 / 3) / 6);
    EXPECT_DOUBLE_EQ(f1("micro"), 2 * 4 / (2 * 4 + 2 + 2.0));
    const Config twice = Config::table({{"type", "fbeta_score"}, {"threshold", 0.5}, {"beta", 2.0}});
    EXPECT_NEAR(of(twice, 3, outputs, targets), (0.3846154 + 0.90909094 + 0.8333334) / 3, 1e-7);
}

TEST(ClassMetric, FScoreOfClassNumbers) {
    const std::vector<float> outputs{0.1F, 0.9F, 0.6F, 0.4F, 0.2F, 0.8F, 0.7F, 0.3F};  // 1, 0, 1, 0
    EXPECT_DOUBLE_EQ(of("f1_score", 4, outputs, {1, 1, 1, 0}), (2.0 / 3 + 4.0 / 5) / 2);
    EXPECT_DOUBLE_EQ(of("f1_score", 4, outputs, {0, 1, 0, 1, 0, 1, 1, 0}), (2.0 / 3 + 4.0 / 5) / 2);
    EXPECT_THROW(of("f1_score", 1, {1, 0}, {2}), DataError);
    EXPECT_THROW(of("f1_score", 1, {1, 0}, {0.5F}), DataError);
}

TEST(ClassMetric, FScoreChecksOptionsAndShapes) {
    EXPECT_THROW(make_metric(with("f1_score", "average", "none")), ConfigError);
    EXPECT_THROW(make_metric(with("f1_score", "threshold", 0.0)), ConfigError);
    EXPECT_THROW(make_metric(with("f1_score", "beta", 2.0)), ConfigError);
    EXPECT_THROW(make_metric(with("fbeta_score", "beta", 0.0)), ConfigError);
    EXPECT_THROW(make_metric("f1_score")->build({1}, {1}), ShapeError);
    make_metric(with("f1_score", "threshold", 0.5))->build({1}, {1});
    EXPECT_THROW(make_metric("f1_score")->build({3}, {2}), ShapeError);
}

TEST(ClassMetric, TopKByHand) {
    const std::vector<float> outputs{0.1F, 0.2F, 0.3F, 0.4F, 0.4F, 0.3F, 0.2F, 0.1F};
    const auto top = [&](int k) {
        return of(with("sparse_top_k_categorical_accuracy", "k", k), 2, outputs, {1, 1});
    };
    EXPECT_EQ(top(1), 0.0);
    EXPECT_EQ(top(2), 0.5);
    EXPECT_EQ(top(3), 1.0);
    EXPECT_EQ(of(with("top_k_categorical_accuracy", "k", 2), 2, outputs, {0, 1, 0, 0, 0, 1, 0, 0}), 0.5);
    EXPECT_EQ(of(with("sparse_top_k_categorical_accuracy", "k", 1), 1, {0.5F, 0.5F}, {1}), 1.0);  // a tie
    EXPECT_EQ(of("sparse_top_k_categorical_accuracy", 1, {std::nanf(""), 1}, {0}), 0.0);
    EXPECT_EQ(make_metric("top_k_categorical_accuracy")->config().get<int>("k"), 5);
    EXPECT_THROW(make_metric(with("top_k_categorical_accuracy", "k", 0)), ConfigError);
    EXPECT_THROW(make_metric("sparse_top_k_categorical_accuracy")->build({4}, {4}), ShapeError);
}

/// A metric made from its own keys has the same keys, and `lockstep list` shows all of them.
TEST(ClassMetric, ConfigMakesTheSame) {
    for (const char* json :
         {R"({"type": "auc", "curve": "PR", "num_thresholds": 7, "summation_method": "majoring"})",
          R"({"type": "f1_score", "average": "micro", "threshold": 0.25})",
          R"({"type": "fbeta_score", "average": "weighted", "beta": 0.5})",
          R"({"type": "precision", "top_k": 3, "class_id": 1, "threshold": 0.25})",
          R"({"type": "recall_at_precision", "precision": 0.75, "num_thresholds": 9, "class_id": 2})",
          R"({"type": "cohen_kappa", "weightage": "linear", "num_classes": 3, "ignore_class": -1})",
          R"({"type": "io_u", "target_class_ids": [0, 2]})", R"({"type": "class_recall", "class_id": 1})",
          R"({"type": "r2_score", "class_aggregation": "variance_weighted_average"})",
          R"({"type": "false_negatives", "threshold": 0.25})",
          R"({"type": "top_k_categorical_accuracy", "k": 2})"}) {
        const Config given = Config::from_json(json);
        const auto made = make_metric(given);
        Config keys = made->config();
        for (const std::string& key : given.keys())
            EXPECT_TRUE(key == "type" || keys.at(key) == given.at(key)) << json << key;
        for (const std::string& key : keys.keys())
            EXPECT_TRUE(std::ranges::any_of(metric_registry().help(std::string(made->type())).keys,
                                            [&](const auto& help) { return help.name == key; }))
                << json << key;
        keys.set("type", given.at("type"));
        EXPECT_EQ(make_metric(keys)->config(), made->config()) << json;
    }
}

/// The state of all samples, of each metric, is that of its parts together; to the last digits of the figure.
TEST(ClassMetric, MergedStatesEqualTheWhole) {
    constexpr std::size_t kRows = 1000;
    const auto outputs = random_values(kRows, 1, 0.0F, 1.0F), draws = random_values(kRows, 2),
               weights = random_values(kRows, 3, 0.0F, 2.0F);
    std::vector<float> targets(kRows);
    for (std::size_t i = 0; i < kRows; ++i) targets[i] = draws[i] + outputs[i] > 0.5F ? 1.0F : 0.0F;
    for (const Config& config :
         {Config("auc"), with("auc", "curve", "PR"), with("f1_score", "threshold", 0.5),
          with("precision_at_recall", "recall", 0.6), with("sensitivity_at_specificity", "specificity", 0.6),
          Config("r2_score"), Config("rmse"), Config("cohen_kappa"), Config("mean_io_u"),
          Config("matthews_correlation_coefficient"), Config("precision"), Config("true_positives")}) {
        const auto metric = make_metric(config);
        const double whole = of(*metric, kRows, outputs, targets, weights);
        std::vector<double> merged(metric->state_size());
        for (std::size_t first = 0; first < kRows; first += 37) {
            const std::size_t count = std::min<std::size_t>(37, kRows - first);
            std::vector<double> part(merged.size());
            metric->update({outputs.data() + first, count, 1}, {targets.data() + first, count, 1},
                           std::span(weights).subspan(first, count), part);
            for (std::size_t i = 0; i < part.size(); ++i) merged[i] += part[i];
        }
        EXPECT_NEAR(metric->result(merged), whole, 1e-9) << metric->type();
        EXPECT_TRUE(std::isnan(metric->result(std::vector<double>(merged.size())))) << metric->type();
    }
}

}  // namespace
