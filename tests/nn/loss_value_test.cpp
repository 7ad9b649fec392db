#include <cmath>
#include <limits>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/nn/losses/binary_crossentropy.h>
#include <lockstep/nn/losses/categorical_crossentropy.h>
#include <lockstep/nn/losses/mean_absolute_error.h>
#include <lockstep/nn/losses/mean_squared_error.h>
#include <lockstep/nn/losses/sparse_categorical_crossentropy.h>
#include <lockstep/nn/registry.h>

#include "error_of.h"

using namespace lockstep;
using testing::HasSubstr;

namespace {

/// The loss of one sample.
double of(const Loss& loss, const std::vector<float>& output, const std::vector<float>& target) {
    return loss.compute({output.data(), 1, output.size()}, {target.data(), 1, target.size()}, {}, {});
}

// The figures are Keras' (3.x) or follow from its formulas.
TEST(LossValue, ByHand) {
    EXPECT_NEAR(of(SparseCategoricalCrossentropy({}), {0.1F, 0.8F, 0.1F}, {1}), -std::log(0.8), 1e-6);
    EXPECT_NEAR(of(SparseCategoricalCrossentropy({.from_logits = true}), {1, 2, 3}, {0}), 2.40760596, 1e-6);
    EXPECT_NEAR(of(CategoricalCrossentropy({}), {0.05F, 0.95F, 0}, {0, 1, 0}), 0.05129329, 1e-6);
    EXPECT_NEAR(of(CategoricalCrossentropy({}), {0.1F, 0.8F, 0.1F}, {0, 0, 1}), 2.30258509, 1e-6);
    EXPECT_NEAR(of(CategoricalCrossentropy({.label_smoothing = 0.3}), {0.1F, 0.8F, 0.1F}, {0, 1, 0}),
                -0.8 * std::log(0.8) - 0.2 * std::log(0.1), 1e-6);
    EXPECT_NEAR(of(BinaryCrossentropy({}), {0.6F, 0.4F}, {0, 1}), 0.91629073, 1e-6);
    EXPECT_NEAR(of(BinaryCrossentropy({.from_logits = true}), {-18.6F, 0.51F}, {0, 1}), 0.23515666, 1e-5);
    EXPECT_NEAR(of(MeanSquaredError(), {1, 2, 3, 5}, {0, 2, 5, 5}), 1.25, 1e-12);
    EXPECT_NEAR(of(MeanAbsoluteError(), {1, 2, 3, 5}, {0, 2, 5, 5}), 0.75, 1e-12);
}

std::unique_ptr<Loss> made(const char* json) {
    return make_loss(Config::from_json(json));
}

// The figures of the examples in Keras' documentation.
TEST(LossValue, OfKerasExamples) {
    EXPECT_NEAR(of(*make_loss("log_cosh"), {1, 1}, {0, 1}) + of(*make_loss("log_cosh"), {0, 0}, {0, 0}),
                0.2168904, 1e-6);
    const auto binary = make_loss("binary_focal_crossentropy");
    EXPECT_NEAR(of(*binary, {0.6F, 0.4F}, {0, 1}), 0.330, 5e-4);
    EXPECT_NEAR(of(*binary, {0.4F, 0.6F}, {0, 0}), 0.206, 5e-4);
    const auto categorical = make_loss("categorical_focal_crossentropy");
    EXPECT_NEAR(of(*categorical, {0.05F, 0.9F, 0.05F}, {0, 1, 0}), 2.63401289e-04, 1e-9);
    EXPECT_NEAR(of(*categorical, {0.1F, 0.85F, 0.05F}, {0, 0, 1}), 6.75912094e-01, 1e-6);
    EXPECT_NEAR(of(*make_loss("hinge"), {0.6F, 0.4F}, {0, 1}), 1.1, 1e-6);
    EXPECT_NEAR(of(*make_loss("squared_hinge"), {0.6F, 0.4F}, {0, 1}), 1.46, 1e-6);
    EXPECT_NEAR(of(*make_loss("cosine_similarity"), {-1, 0}, {2, 0}), 1.0, 1e-12);
}

TEST(LossValue, UnscaledProbabilitiesAreDividedByTheirSum) {
    EXPECT_NEAR(of(SparseCategoricalCrossentropy({}), {1, 3}, {1}), -std::log(0.75), 1e-6);
    EXPECT_NEAR(of(CategoricalCrossentropy({}), {1, 3}, {0, 1}), -std::log(0.75), 1e-6);
}

TEST(LossValue, ImpossibleTargetsCostNoMoreThanTheClip) {
    const double most = -std::log(1e-7);
    EXPECT_NEAR(of(SparseCategoricalCrossentropy({}), {1, 0}, {1}), most, 1e-6);
    EXPECT_NEAR(of(BinaryCrossentropy({}), {1}, {0}), most, 1e-6);
}

TEST(LossValue, FusedLossIsTheLossOfTheActivatedOutputs) {
    const std::vector<float> logits{0.3F, -1.2F, 2.0F};
    std::vector<float> probabilities = logits;
    const auto softmax = make_activation("softmax");
    softmax->apply({probabilities.data(), 1, 3});
    const SparseCategoricalCrossentropy loss({});
    EXPECT_NEAR(of(*loss.fuse(*softmax), logits, {1}), of(loss, probabilities, {1}), 1e-6);
}

TEST(LossValue, FusedLossIsExactForLargeLogits) {
    const auto loss = SparseCategoricalCrossentropy({}).fuse(*make_activation("softmax"));
    std::vector<float> gradient(2);
    const std::vector<float> logits{1000, 0}, target{1};
    EXPECT_EQ(loss->compute({logits.data(), 1, 2}, {target.data(), 1, 1}, {}, {gradient.data(), 1, 2}),
              1000.0);
    EXPECT_EQ(gradient, (std::vector<float>{1, -1}));
    EXPECT_EQ(of(*BinaryCrossentropy({}).fuse(*make_activation("sigmoid")), {-1000}, {1}), 1000.0);
}

TEST(LossValue, NotANumberStaysVisible) {
    constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
    EXPECT_TRUE(std::isnan(of(SparseCategoricalCrossentropy({}), {kNan, 0.5F}, {0})));
    EXPECT_TRUE(std::isnan(of(SparseCategoricalCrossentropy({.from_logits = true}), {0.5F, kNan}, {0})));
    EXPECT_TRUE(std::isnan(of(BinaryCrossentropy({}), {kNan}, {0})));
    EXPECT_TRUE(std::isnan(of(BinaryCrossentropy({.from_logits = true}), {kNan}, {0})));
    for (const std::string& type : loss_registry().types()) {
        const auto loss = make_loss(type);
        const std::vector<float> target(loss->takes_labels() ? 1 : 2, 1.0F);
        EXPECT_TRUE(std::isnan(of(*loss, {0.5F, kNan}, target))) << type;
    }
}

TEST(LossFusion, OnlyWithItsOwnActivation) {
    EXPECT_EQ(SparseCategoricalCrossentropy({}).fuse(*make_activation("sigmoid")), nullptr);
    EXPECT_EQ(SparseCategoricalCrossentropy({.from_logits = true}).fuse(*make_activation("softmax")),
              nullptr);
    EXPECT_EQ(BinaryCrossentropy({}).fuse(*make_activation("softmax")), nullptr);
    EXPECT_EQ(MeanSquaredError().fuse(*make_activation("sigmoid")), nullptr);
}

// The loss of logits is that of probabilities, and so is its derivative, by the rule of chains.
TEST(LossFusion, OfFocalLossesIsTheLossOfTheActivatedOutputs) {
    const std::vector<std::pair<const char*, const char*>> pairs{
        {R"({"type": "binary_focal_crossentropy", "gamma": 1.5, "apply_class_balancing": true})", "sigmoid"},
        {R"({"type": "categorical_focal_crossentropy", "gamma": 1.5, "label_smoothing": 0.1})", "softmax"}};
    for (const auto& [json, name] : pairs) {
        const auto loss = made(json);
        const auto activation = make_activation(name);
        const auto fused = loss->fuse(*activation);
        ASSERT_NE(fused, nullptr);
        EXPECT_EQ(fused->fuse(*activation), nullptr);
        const std::vector<float> logits{0.3F, -1.2F, 2.0F}, target{0, 1, 0};
        std::vector<float> outputs = logits, expected(3), gradient(3);
        const Matrix y(outputs.data(), 1, 3), slope(expected.data(), 1, 3);
        activation->apply(y);
        const double value = loss->compute(y, {target.data(), 1, 3}, {}, slope);
        activation->apply_gradient({}, y, slope);
        EXPECT_NEAR(fused->compute({logits.data(), 1, 3}, {target.data(), 1, 3}, {}, {gradient.data(), 1, 3}),
                    value, 1e-6);
        for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(gradient[i], expected[i], 1e-6);
    }
}

TEST(LossFusion, OfFocalLossesIsFiniteForLargeLogits) {
    for (const char* json :
         {R"({"type": "binary_focal_crossentropy", "from_logits": true})",
          R"({"type": "categorical_focal_crossentropy", "from_logits": true, "gamma": 0.5})"}) {
        const std::vector<float> logits{1000, -1000, 0}, target{1, 0, 0};
        std::vector<float> gradient(3);
        EXPECT_TRUE(std::isfinite(
            made(json)->compute({logits.data(), 1, 3}, {target.data(), 1, 3}, {}, {gradient.data(), 1, 3})));
        for (const float slope : gradient) EXPECT_TRUE(std::isfinite(slope)) << json;
    }
}

TEST(LossErrors, NameTheOption) {
    const auto message = [](const char* json) { return error_of<ConfigError>([&] { made(json); }); };
    EXPECT_THAT(message(R"({"type": "huber", "delta": 0})"),
                HasSubstr("delta: expected a number > 0, got 0"));
    EXPECT_THAT(message(R"({"type": "tversky", "alpha": -1})"), HasSubstr("alpha: expected"));
    EXPECT_THAT(message(R"({"type": "tversky", "beta": -1})"), HasSubstr("beta: expected"));
    for (const char* kind : {"binary", "categorical"}) {
        const std::string start = R"({"type": ")" + std::string(kind) + R"(_focal_crossentropy", )";
        EXPECT_THAT(message((start + R"("gamma": -1})").c_str()), HasSubstr("gamma: expected"));
        EXPECT_THAT(message((start + R"("alpha": -1})").c_str()), HasSubstr("alpha: expected"));
        EXPECT_THAT(message((start + R"("label_smoothing": 2})").c_str()),
                    HasSubstr("label_smoothing: expected"));
    }
}

TEST(LossShapes, TargetsFitOutputs) {
    EXPECT_EQ(SparseCategoricalCrossentropy({}).target_shape({10}), Shape({1}));
    EXPECT_TRUE(SparseCategoricalCrossentropy({}).takes_labels());
    EXPECT_EQ(CategoricalCrossentropy({}).target_shape({10}), Shape({10}));
    EXPECT_FALSE(CategoricalCrossentropy({}).takes_labels());
    EXPECT_EQ(MeanSquaredError().target_shape({4, 2}), Shape({4, 2}));
    EXPECT_THROW(SparseCategoricalCrossentropy({}).target_shape({1}), ShapeError);
    EXPECT_THROW(CategoricalCrossentropy({}).target_shape({2, 2}), ShapeError);
    for (const char* type :
         {"categorical_focal_crossentropy", "categorical_hinge", "cosine_similarity", "kl_divergence"})
        EXPECT_THROW(make_loss(type)->target_shape({2, 2}), ShapeError) << type;
}

TEST(LossErrors, NameTheLabel) {
    for (const float label : {3.0F, -1.0F, 0.5F, std::numeric_limits<float>::quiet_NaN()})
        EXPECT_THROW(of(SparseCategoricalCrossentropy({}), {0.2F, 0.3F, 0.5F}, {label}), DataError) << label;
    try {
        of(SparseCategoricalCrossentropy({}), {0.2F, 0.3F, 0.5F}, {3});
    } catch (const DataError& error) {
        EXPECT_THAT(error.what(), HasSubstr("label 3: expected a whole number in [0, 3)"));
    }
}

}  // namespace
