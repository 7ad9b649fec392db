#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <lockstep/nn/registry.h>

#include "random_values.h"

using namespace lockstep;

namespace {

constexpr std::size_t kRows = 3;
constexpr std::size_t kInputs = 5;

/// A layer with everything that one walk needs. The scalar under test is sum(direction * y).
class Walk {
public:
    explicit Walk(const std::string& json) : layer_(make_layer(Config::from_json(json))) {
        outputs_ = layer_->build({kInputs}).size();
        layer_->reserve(kRows);
        x = random_values(kRows * kInputs, 12);  // of these, none lies within a step of a kink
        direction = random_values(kRows * outputs_, 2);
        unsigned seed = 3;
        for (const WeightSpec& spec : layer_->weights())
            weights.push_back(random_values(spec.shape.size(), seed++));
    }

    double value() {
        forward();
        double sum = 0.0;
        for (std::size_t i = 0; i < y_.size(); ++i)
            sum += static_cast<double>(direction[i]) * static_cast<double>(y_[i]);
        return sum;
    }

    /// Leaves dx and the gradients of the weights.
    void backward() {
        forward();
        std::vector<float> dy = direction;
        dx.assign(x.size(), 99.0F);
        gradients.clear();
        for (const auto& weight : weights) gradients.emplace_back(weight.size(), 99.0F);
        const std::vector<std::span<float>> gradient_spans(gradients.begin(), gradients.end());
        const auto weight_spans = spans();
        layer_->backward(pass(weight_spans), {x.data(), kRows, kInputs}, {y_.data(), kRows, outputs_},
                         {dy.data(), kRows, outputs_}, {dx.data(), kRows, kInputs}, gradient_spans);
    }

    std::vector<float> x, direction, dx;
    std::vector<std::vector<float>> weights, gradients;

private:
    std::vector<std::span<const float>> spans() const { return {weights.begin(), weights.end()}; }

    static LayerPass pass(std::span<const std::span<const float>> weights) {
        return {.training = true,
                .random = {7, Purpose::dropout},
                .position = 40,
                .weights = weights,
                .saved = {}};
    }

    void forward() {
        y_.assign(kRows * outputs_, 0.0F);
        const auto weight_spans = spans();
        layer_->forward(pass(weight_spans), {x.data(), kRows, kInputs}, {y_.data(), kRows, outputs_});
    }

    std::unique_ptr<Layer> layer_;
    std::size_t outputs_ = 0;
    std::vector<float> y_;
};

/// Central differences of walk.value() with respect to each of `values` are `gradient`.
void expect_gradient(Walk& walk, std::vector<float>& values, const std::vector<float>& gradient,
                     const std::string& what) {
    constexpr float kStep = 1e-2F;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const float middle = values[i];
        values[i] = middle + kStep;
        const double above = walk.value();
        values[i] = middle - kStep;
        const double below = walk.value();
        values[i] = middle;
        EXPECT_NEAR(static_cast<double>(gradient[i]), (above - below) / (2.0 * static_cast<double>(kStep)),
                    5e-4)
            << what << " " << i;
    }
}

class LayerGradient : public testing::TestWithParam<const char*> {};

TEST_P(LayerGradient, MatchesCentralDifferences) {
    Walk walk(GetParam());
    walk.backward();
    expect_gradient(walk, walk.x, walk.dx, "input");
    for (std::size_t w = 0; w < walk.weights.size(); ++w)
        expect_gradient(walk, walk.weights[w], walk.gradients[w], "weight " + std::to_string(w));
}

INSTANTIATE_TEST_SUITE_P(
    BuiltIn, LayerGradient,
    testing::Values(R"({"type": "dense", "units": 4})", R"({"type": "dense", "units": 4, "use_bias": false})",
                    R"({"type": "dense", "units": 4, "activation": "relu"})",
                    R"({"type": "dense", "units": 4, "activation": "sigmoid"})",
                    R"({"type": "dense", "units": 4, "activation": "tanh"})",
                    R"({"type": "dense", "units": 4, "activation": "softmax"})",
                    R"({"type": "activation", "activation": "softmax"})", R"({"type": "relu"})",
                    R"({"type": "sigmoid"})", R"({"type": "tanh"})", R"({"type": "softmax"})",
                    R"({"type": "linear"})", R"({"type": "flatten"})", R"({"type": "dropout", "rate": 0.4})",
                    R"({"type": "dropout", "rate": 0})"));

TEST(Dense, ComputesByHand) {
    const auto layer =
        make_layer(Config::from_json(R"({"type": "dense", "units": 2, "activation": "relu"})"));
    ASSERT_EQ(layer->build({3}), Shape({2}));
    const std::vector<float> kernel{1, -2, 3, 4, 5, -6}, bias{0.5F, 1}, x{1, 2, 3};
    const std::vector<std::span<const float>> weights{kernel, bias};
    std::vector<float> y(2);
    layer->forward(
        {.training = false, .random = {0, Purpose::dropout}, .position = 0, .weights = weights, .saved = {}},
        {x.data(), 1, 3}, {y.data(), 1, 2});
    EXPECT_FLOAT_EQ(y[0], 22.5F);  // 1 + 6 + 15 + 0.5
    EXPECT_FLOAT_EQ(y[1], 0.0F);   // -2 + 8 - 18 + 1 is negative
    EXPECT_EQ(layer->flops_per_sample(), 14.0);
}

// More rows than one block of the product has.
TEST(Dense, ManyRowsGiveWhatFewRowsGive) {
    constexpr std::size_t kMany = 1100, kUnits = 700;
    const auto layer =
        make_layer(Config::from_json(R"({"type": "dense", "units": 700, "activation": "relu"})"));
    layer->build({2});
    const auto kernel = random_values(2 * kUnits, 1), bias = random_values(kUnits, 2),
               x = random_values(2 * kMany, 3);
    const std::vector<std::span<const float>> weights{kernel, bias};
    std::vector<float> y(kMany * kUnits, -1.0F);
    layer->forward(
        {.training = false, .random = {0, Purpose::dropout}, .position = 0, .weights = weights, .saved = {}},
        {x.data(), kMany, 2}, {y.data(), kMany, kUnits});
    for (const std::size_t row : {0UL, 255UL, 256UL, 1024UL, 1099UL})
        for (const std::size_t unit : {0UL, 699UL}) {
            const float sum = x[2 * row] * kernel[unit] + x[2 * row + 1] * kernel[kUnits + unit] + bias[unit];
            EXPECT_NEAR(y[row * kUnits + unit], std::max(sum, 0.0F), 1e-5F) << row << " " << unit;
        }
}

}  // namespace
