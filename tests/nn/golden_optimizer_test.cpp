// Every optimizer against PyTorch, or its formula in double precision: weights after each of some updates.
#include <cmath>

#include <gtest/gtest.h>

#include <lockstep/math/kernels.h>
#include <lockstep/nn/registry.h>

#include "golden_file.h"

using namespace lockstep;

namespace {

/// The weight lies in one stretch.
void measure(const Optimizer& optimizer, SliceUpdate& update) {
    update.direction_norm = std::sqrt(optimizer.measure(update));
    update.weight_norm = std::sqrt(math::sum_of_squares(update.weights));
}

class GoldenOptimizer : public testing::TestWithParam<std::string> {};

TEST_P(GoldenOptimizer, WalksAsExpected) {
    const Config golden = golden::load("optimizers", GetParam());
    const auto optimizer = make_optimizer(golden.at("optimizer"));
    std::vector<float> weights = golden::floats(golden.at("weights"));
    std::vector<std::vector<float>> slots(optimizer->slots().size(),
                                          std::vector<float>(weights.size(), 0.0F));
    const std::vector<std::span<float>> slot_spans(slots.begin(), slots.end());
    const Config gradients = golden.at("gradients"), steps = golden.at("steps");
    ASSERT_EQ(gradients.size(), steps.size());
    for (std::size_t step = 0; step < steps.size(); ++step) {
        const std::vector<float> gradient = golden::floats(gradients[step]);
        SliceUpdate update{.weights = weights,
                           .gradient = gradient,
                           .slots = slot_spans,
                           .learning_rate = optimizer->learning_rate(),
                           .iteration = static_cast<std::int64_t>(step)};
        if (optimizer->needs_norms()) measure(*optimizer, update);
        optimizer->update(update);
        golden::expect_near(weights, steps[step], "weights after update " + std::to_string(step + 1), 1e-5);
    }
}

INSTANTIATE_TEST_SUITE_P(All, GoldenOptimizer, testing::ValuesIn(golden::cases("optimizers")),
                         [](const auto& test) { return test.param; });

}  // namespace
