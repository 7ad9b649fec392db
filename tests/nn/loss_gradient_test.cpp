#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <lockstep/nn/registry.h>

#include "random_values.h"

using namespace lockstep;

namespace {

constexpr std::size_t kRows = 4;
constexpr std::size_t kOutputs = 3;

enum class Targets { labels, probabilities, numbers };

struct Case {
    const char* loss;
    const char* fused_with;  // activation, or empty
    Targets targets;
    float low, high;  // of the outputs
};

void PrintTo(const Case& value, std::ostream* out) {
    *out << value.loss << " " << value.fused_with;
}

std::vector<float> make_targets(Targets kind) {
    if (kind == Targets::labels) return {2, 0, 1, 2};
    if (kind == Targets::probabilities) return random_values(kRows * kOutputs, 5, 0.0F, 1.0F);
    return random_values(kRows * kOutputs, 5);
}

class LossGradient : public testing::TestWithParam<Case> {
protected:
    LossGradient() : loss(make_loss(Config::from_json(GetParam().loss))) {
        const std::string activation = GetParam().fused_with;
        if (!activation.empty()) loss = loss->fuse(*make_activation(activation));
        targets = make_targets(GetParam().targets);
        outputs = random_values(kRows * kOutputs, 6, GetParam().low, GetParam().high);
    }

    double value(std::span<const float> weights, Matrix gradient = {}) const {
        return loss->compute({outputs.data(), kRows, kOutputs},
                             {targets.data(), kRows, targets.size() / kRows}, weights, gradient);
    }

    void expect_gradient(std::span<const float> weights) {
        std::vector<float> gradient(outputs.size(), 99.0F);
        const double with_gradient = value(weights, {gradient.data(), kRows, kOutputs});
        EXPECT_NEAR(with_gradient, value(weights), 1e-6);
        constexpr float kStep = 1e-3F;
        for (std::size_t i = 0; i < outputs.size(); ++i) {
            const float middle = outputs[i];
            outputs[i] = middle + kStep;
            const double above = value(weights);
            const double upper = static_cast<double>(outputs[i]);
            outputs[i] = middle - kStep;
            const double below = value(weights);
            const double distance = upper - static_cast<double>(outputs[i]);
            outputs[i] = middle;
            EXPECT_NEAR(static_cast<double>(gradient[i]), (above - below) / distance, 1e-3) << i;
        }
    }

    std::unique_ptr<Loss> loss;
    std::vector<float> outputs, targets;
};

TEST_P(LossGradient, MatchesCentralDifferences) {
    expect_gradient({});
}

TEST_P(LossGradient, OfWeightedRowsMatchesCentralDifferences) {
    expect_gradient(std::vector<float>{0.5F, 2.0F, 0.0F, 1.0F});
}

TEST_P(LossGradient, WeightsMultiplyTheLossOfTheirRow) {
    const std::vector<float> first{1, 0, 0, 0}, rest{0, 1, 1, 1}, mixed{3, 1, 1, 1};
    EXPECT_NEAR(value(mixed), 3.0 * value(first) + value(rest), 1e-9);
    EXPECT_NEAR(value({}), value(first) + value(rest), 1e-9);
    EXPECT_GT(value(first), 0.0);
}

INSTANTIATE_TEST_SUITE_P(
    BuiltIn, LossGradient,
    testing::Values(Case{R"({"type": "sparse_categorical_crossentropy"})", "", Targets::labels, 0.2F, 0.9F},
                    Case{R"({"type": "sparse_categorical_crossentropy", "from_logits": true})", "",
                         Targets::labels, -2, 2},
                    Case{R"({"type": "sparse_categorical_crossentropy"})", "softmax", Targets::labels, -2, 2},
                    Case{R"({"type": "categorical_crossentropy"})", "", Targets::probabilities, 0.2F, 0.9F},
                    Case{R"({"type": "categorical_crossentropy", "label_smoothing": 0.2})", "",
                         Targets::probabilities, 0.2F, 0.9F},
                    Case{R"({"type": "categorical_crossentropy", "label_smoothing": 0.2})", "softmax",
                         Targets::probabilities, -2, 2},
                    Case{R"({"type": "binary_crossentropy"})", "", Targets::probabilities, 0.2F, 0.8F},
                    Case{R"({"type": "binary_crossentropy", "from_logits": true})", "",
                         Targets::probabilities, -2, 2},
                    Case{R"({"type": "binary_crossentropy", "label_smoothing": 0.2})", "sigmoid",
                         Targets::probabilities, -2, 2},
                    Case{R"({"type": "mse"})", "", Targets::numbers, -2, 2},
                    Case{R"({"type": "mean_absolute_error"})", "", Targets::numbers, -2, 2}));

}  // namespace
