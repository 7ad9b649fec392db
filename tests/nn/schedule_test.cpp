#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/nn/registry.h>
#include <lockstep/nn/schedules/cosine_decay_restarts.h>

#include "error_of.h"

using namespace lockstep;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;

namespace {

std::string message_of(const char* json) {
    return error_of<ConfigError>([&] { make_schedule(Config::from_json(json)); });
}

TEST(Schedule, ErrorsNameTheKey) {
    EXPECT_THAT(message_of(R"({"type": "cosine_decay", "initial_learning_rate": 0.1})"),
                HasSubstr("decay_steps"));
    EXPECT_THAT(message_of(R"({"type": "cosine_decay", "initial_learning_rate": 0.1, "decay_steps": 0})"),
                HasSubstr("decay_steps: expected at least 1, got 0"));
    EXPECT_THAT(message_of(R"({"type": "cosine_decay", "initial_learning_rate": -1, "decay_steps": 1})"),
                HasSubstr("initial_learning_rate: expected a number of at least 0, got -1"));
    EXPECT_THAT(message_of(R"({"type": "cosine_decay", "initial_learning_rate": 1, "decay_steps": 1,
                               "warmup_steps": 5})"),
                HasSubstr("warmup_steps: expected 0, or a warmup_target too, got 5"));
    EXPECT_THAT(message_of(R"({"type": "cosine_decay_restarts", "initial_learning_rate": 1,
                               "first_decay_steps": 1, "t_mul": 0.5})"),
                HasSubstr("t_mul: expected a number of at least 1, got 0.5"));
    EXPECT_THAT(message_of(R"({"type": "piecewise_constant_decay", "boundaries": [5], "values": [1]})"),
                HasSubstr("values: expected 2, one more than boundaries, got 1"));
    EXPECT_THAT(
        message_of(R"({"type": "piecewise_constant_decay", "boundaries": [5, 5], "values": [3, 2, 1]})"),
        HasSubstr("boundaries: expected a step after 5, got 5"));
    EXPECT_THAT(message_of(R"("cosine_deacy")"), HasSubstr("did you mean \"cosine_decay\"?"));
}

TEST(Schedule, HelpCoversConfig) {
    for (const std::string& type : schedule_registry().types()) {
        EXPECT_FALSE(schedule_registry().help(type).summary.empty()) << type;
        EXPECT_FALSE(schedule_registry().help(type).keys.empty()) << type;
    }
    const Config config =
        CosineDecayRestarts({.initial_learning_rate = 1.0, .first_decay_steps = 1}).config();
    for (const std::string& key : config.keys())
        EXPECT_THAT(schedule_registry().help("cosine_decay_restarts").keys,
                    Contains(Field(&TypeHelp::Key::name, key)));
}

/// Where a logarithm of the time would round to the period before.
TEST(CosineDecayRestarts, EveryPeriodBeginsAtTheTop) {
    const CosineDecayRestarts schedule({.initial_learning_rate = 0.5, .first_decay_steps = 10, .t_mul = 3.0});
    std::int64_t first = 0;
    for (std::int64_t length = 10; length < 100'000'000; length *= 3) {
        EXPECT_EQ(schedule.rate(first), 0.5) << first;
        first += length;
        EXPECT_LT(schedule.rate(first - 1), 0.02) << first - 1;
    }
}

}  // namespace
