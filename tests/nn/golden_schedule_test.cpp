// Every learning rate schedule against its formula: rates at some steps.
#include <gtest/gtest.h>

#include <lockstep/nn/registry.h>

#include "golden_file.h"

using namespace lockstep;

namespace {

class GoldenSchedule : public testing::TestWithParam<std::string> {};

TEST_P(GoldenSchedule, GivesTheRates) {
    const Config golden = golden::load("schedules", GetParam());
    const auto schedule = make_schedule(golden.at("schedule"));
    const auto steps = golden.get<std::vector<std::int64_t>>("steps");
    const auto rates = golden.get<std::vector<double>>("rates");
    ASSERT_EQ(steps.size(), rates.size());
    for (std::size_t i = 0; i < steps.size(); ++i)
        EXPECT_NEAR(schedule->rate(steps[i]), rates[i], 1e-8 * (1e-3 + rates[i])) << "step " << steps[i];

    Config config = schedule->config();
    config.set("type", schedule->type());
    EXPECT_TRUE(make_schedule(config)->config() == schedule->config()) << config.to_json();
    for (const std::string& key : golden.at("schedule").keys())
        EXPECT_TRUE(config.at(key) == golden.at("schedule").at(key)) << key;
}

INSTANTIATE_TEST_SUITE_P(All, GoldenSchedule, testing::ValuesIn(golden::cases("schedules")),
                         [](const auto& test) { return test.param; });

}  // namespace
