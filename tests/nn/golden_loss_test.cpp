// Every loss against PyTorch: the sum over the rows of weight x loss, and its gradient.
#include <gtest/gtest.h>

#include <lockstep/nn/registry.h>

#include "golden_file.h"

using namespace lockstep;

namespace {

class GoldenLoss : public testing::TestWithParam<std::string> {};

TEST_P(GoldenLoss, IsAsExpected) {
    const Config golden = golden::load("losses", GetParam());
    const auto loss = make_loss(golden.at("loss"));
    const auto rows = golden.get<std::size_t>("rows");
    const auto outputs = golden::floats(golden.at("outputs")), targets = golden::floats(golden.at("targets"));
    const auto weights =
        golden.contains("weights") ? golden::floats(golden.at("weights")) : std::vector<float>();
    const std::size_t columns = outputs.size() / rows;
    ASSERT_EQ(loss->target_shape({columns}).size(), targets.size() / rows);
    std::vector<float> gradient(outputs.size(), 99.0F);
    const auto compute = [&](Matrix slope) {
        return loss->compute({outputs.data(), rows, columns}, {targets.data(), rows, targets.size() / rows},
                             weights, slope);
    };
    const auto value = golden.get<double>("value");
    EXPECT_NEAR(compute({gradient.data(), rows, columns}), value, 2e-6 * std::max(1.0, std::abs(value)));
    EXPECT_NEAR(compute({}), value, 2e-6 * std::max(1.0, std::abs(value)));
    golden::expect_near(gradient, golden.at("gradient"), "gradient");
}

INSTANTIATE_TEST_SUITE_P(All, GoldenLoss, testing::ValuesIn(golden::cases("losses")),
                         [](const auto& test) { return test.param; });

}  // namespace
