// Every metric against a formula over all samples; in two parts, which are added, and as one.
#include <gtest/gtest.h>

#include <lockstep/nn/registry.h>

#include "golden_file.h"

using namespace lockstep;

namespace {

class GoldenMetric : public testing::TestWithParam<std::string> {};

TEST_P(GoldenMetric, IsAsExpected) {
    const Config golden = golden::load("metrics", GetParam());
    const auto metric = make_metric(golden.at("metric"));
    const auto rows = golden.get<std::size_t>("rows");
    const auto outputs = golden::floats(golden.at("outputs")), targets = golden::floats(golden.at("targets"));
    const auto weights =
        golden.contains("weights") ? golden::floats(golden.at("weights")) : std::vector<float>();
    const ConstMatrix y(outputs.data(), rows, outputs.size() / rows),
        t(targets.data(), rows, targets.size() / rows);
    metric->build({y.columns()}, {t.columns()});
    for (const std::size_t cut : {std::size_t{0}, rows / 3}) {
        std::vector<double> state(metric->state_size(), 0.0), other(metric->state_size(), 0.0);
        const auto part = [&](std::size_t first, std::size_t count, std::span<double> into) {
            metric->update(
                y.rows(first, count), t.rows(first, count),
                weights.empty() ? std::span<const float>() : std::span(weights).subspan(first, count), into);
        };
        part(0, cut, state);
        part(cut, rows - cut, other);
        for (std::size_t i = 0; i < state.size(); ++i) state[i] += other[i];
        EXPECT_NEAR(metric->result(state), golden.get<double>("value"), golden.get("tolerance", 1e-6)) << cut;
    }
}

INSTANTIATE_TEST_SUITE_P(All, GoldenMetric, testing::ValuesIn(golden::cases("metrics")),
                         [](const auto& test) { return test.param; });

}  // namespace
