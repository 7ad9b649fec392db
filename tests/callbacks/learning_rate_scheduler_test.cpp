#include <cmath>
#include <vector>

#include <gmock/gmock.h>

#include <lockstep/callbacks/learning_rate_scheduler.h>
#include <lockstep/log/setup.h>

#include "fake_run.h"

namespace lockstep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class LearningRateSchedulerTest : public CallbackTest {
protected:
    std::unique_ptr<Callback> from_json(const std::string& json) {
        const Config keys = Config::from_json(json, "job");
        auto made = LearningRateScheduler::from_config(keys);
        keys.reject_unknown_keys();
        made->attach(&run);
        return made;
    }
    std::vector<double> rates(Callback& callback, int epochs, int first = 0) {
        std::vector<double> rates;
        for (int epoch = first; epoch < epochs; ++epoch) {
            callback.on_epoch_begin(epoch, {});
            rates.push_back(run.rate_now);
        }
        return rates;
    }
    /// Of a schedule as in a job file; the optimizer's rate is 1.
    std::vector<double> rates_of(const std::string& schedule, int epochs) {
        run.rate_now = 1.0;
        const auto callback = from_json(R"({"schedule": )" + schedule + "}");
        return rates(*callback, epochs);
    }
    std::string refusal(const std::string& schedule) {
        return error_of<ConfigError>([&] { from_json(R"({"schedule": )" + schedule + "}"); });
    }
};

std::vector<testing::Matcher<double>> near(const std::vector<double>& values) {
    std::vector<testing::Matcher<double>> matchers;
    for (const double value : values) matchers.emplace_back(testing::DoubleNear(value, 1e-12));
    return matchers;
}

TEST_F(LearningRateSchedulerTest, FunctionGetsTheEpochAndTheRateAtHand) {
    std::vector<std::pair<int, double>> seen;
    LearningRateScheduler& callback = make<LearningRateScheduler>({.schedule = [&](int epoch, double rate) {
        seen.emplace_back(epoch, rate);
        return epoch < 1 ? rate : 0.5 * rate;
    }});
    run.rate_now = 1.0;
    EXPECT_THAT(rates(callback, 3), ElementsAre(1, 0.5, 0.25));
    EXPECT_THAT(seen, ElementsAre(testing::Pair(0, 1.0), testing::Pair(1, 1.0), testing::Pair(2, 0.5)));
}

TEST_F(LearningRateSchedulerTest, ListGivesEachRateFromItsEpochOn) {
    EXPECT_THAT(rates_of("[[2, 0.5], [4, 0.25]]", 6), ElementsAre(1, 1, 0.5, 0.5, 0.25, 0.25));
    EXPECT_THAT(rates_of("[[0, 0.5], [1, 0]]", 2), ElementsAre(0.5, 0));
}

TEST_F(LearningRateSchedulerTest, ExponentialDecay) {
    const std::string keys = R"("type": "exponential_decay", "initial_learning_rate": 0.8, "decay_epochs": 2,
                                "decay_rate": 0.25)";
    EXPECT_THAT(rates_of("{" + keys + "}", 4), testing::ElementsAreArray(near({0.8, 0.4, 0.2, 0.1})));
    EXPECT_THAT(rates_of("{" + keys + R"(, "staircase": true})", 5),
                testing::ElementsAreArray(near({0.8, 0.8, 0.2, 0.2, 0.05})));
}

TEST_F(LearningRateSchedulerTest, StepDecay) {
    EXPECT_THAT(rates_of(R"({"type": "step_decay", "initial_learning_rate": 2, "decay_epochs": 3,
                             "decay_rate": 0.5})",
                         7),
                ElementsAre(2, 2, 2, 1, 1, 1, 0.5));
}

TEST_F(LearningRateSchedulerTest, InverseTimeDecay) {
    const std::string keys = R"("type": "inverse_time_decay", "initial_learning_rate": 1, "decay_epochs": 2,
                                "decay_rate": 3)";
    EXPECT_THAT(rates_of("{" + keys + "}", 3), testing::ElementsAreArray(near({1, 0.4, 0.25})));
    EXPECT_THAT(rates_of("{" + keys + R"(, "staircase": true})", 4), ElementsAre(1, 1, 0.25, 0.25));
}

TEST_F(LearningRateSchedulerTest, PolynomialDecay) {
    const std::string type = R"("type": "polynomial_decay", "initial_learning_rate": 1)";
    EXPECT_THAT(rates_of("{" + type + R"(, "decay_epochs": 4, "end_learning_rate": 0.2, "power": 2})", 7),
                testing::ElementsAreArray(near({1, 0.65, 0.4, 0.25, 0.2, 0.2, 0.2})));
    // By default a straight line to 1e-4.
    EXPECT_THAT(rates_of("{" + type + R"(, "decay_epochs": 2})", 4),
                testing::ElementsAreArray(near({1, 0.50005, 1e-4, 1e-4})));
    // A cycle ends at the next multiple of decay_epochs: epoch 3 is 3/4 of the way to 4.
    EXPECT_THAT(rates_of("{" + type + R"(, "decay_epochs": 2, "end_learning_rate": 0, "cycle": true})", 5),
                ElementsAre(1, 0.5, 0, 0.25, 0));
}

TEST_F(LearningRateSchedulerTest, CosineDecay) {
    const std::string type = R"("type": "cosine_decay", "decay_epochs": 4)";
    EXPECT_THAT(rates_of("{" + type + R"(, "initial_learning_rate": 2})", 6),
                testing::ElementsAreArray(near({2, 1 + std::sqrt(0.5), 1, 1 - std::sqrt(0.5), 0, 0})));
    EXPECT_THAT(
        rates_of("{" + type + R"(, "initial_learning_rate": 2, "alpha": 0.5})", 6),
        testing::ElementsAreArray(near({2, 1.5 + std::sqrt(0.125), 1.5, 1.5 - std::sqrt(0.125), 1, 1})));
    EXPECT_THAT(rates_of(R"({"type": "cosine_decay", "decay_epochs": 2, "initial_learning_rate": 0.25,
                             "warmup_epochs": 2, "warmup_target": 1})",
                         7),
                testing::ElementsAreArray(near({0.25, 0.625, 1, 0.5, 0, 0, 0})));
}

TEST_F(LearningRateSchedulerTest, ResumedAnywhereItGivesTheSameRates) {
    for (const std::string schedule :
         {R"([[2, 0.5], [4, 0.25]])",
          R"({"type": "cosine_decay", "initial_learning_rate": 2, "decay_epochs": 4})"})
        for (int cut = 0; cut <= 6; ++cut) {
            const std::vector<double> whole = rates_of(schedule, 6);
            std::vector<double> parts = rates_of(schedule, cut);
            // The rate at hand is the trainer's to keep.
            for (const double rate : rates(*from_json(R"({"schedule": )" + schedule + "}"), 6, cut))
                parts.push_back(rate);
            EXPECT_EQ(parts, whole) << schedule << cut;
        }
}

TEST_F(LearningRateSchedulerTest, TalksIfAskedTo) {
    testing::internal::CaptureStderr();
    rates(*from_json(R"({"schedule": [[0, 0.25]], "verbose": 1})"), 1);
    log::flush();
    EXPECT_THAT(testing::internal::GetCapturedStderr(),
                HasSubstr("Epoch 1: LearningRateScheduler setting learning rate to 0.25."));
}

TEST_F(LearningRateSchedulerTest, SaysWhatItRefuses) {
    EXPECT_THROW(LearningRateScheduler({}), ConfigError);
    EXPECT_THAT(error_of<ConfigError>([&] { from_json("{}"); }), HasSubstr("schedule"));
    EXPECT_THAT(refusal("0.1"), HasSubstr("job: schedule: expected a list such as"));
    EXPECT_THAT(refusal("[]"), HasSubstr("at least one pair"));
    EXPECT_THAT(refusal("[3, 0.05]"), HasSubstr("schedule[0]: expected a pair"));
    EXPECT_THAT(refusal("[[3]]"), HasSubstr("expected a pair"));
    EXPECT_THAT(refusal("[[-1, 0.1]]"), HasSubstr("schedule[0][0]: expected an epoch, from 0, got -1"));
    EXPECT_THAT(refusal("[[3, 0.1], [3, 0.2]]"), HasSubstr("schedule[1]: expected an epoch after 3, got 3"));
    EXPECT_THAT(refusal("[[3, 0.1], [2, 0.2]]"), HasSubstr("expected an epoch after 3, got 2"));
    EXPECT_THAT(refusal("[[3, -0.1]]"), HasSubstr("expected a number >= 0, got -0.1"));
}

TEST_F(LearningRateSchedulerTest, SaysWhichKeyOfATableIsWrong) {
    EXPECT_THAT(refusal(R"({"type": "exponental_decay"})"), HasSubstr("did you mean \"exponential_decay\""));
    EXPECT_THAT(refusal(R"({"type": "step_decay", "decay_epochs": 2, "decay_rate": 0.5})"),
                HasSubstr("initial_learning_rate"));
    const std::string good = R"({"type": "cosine_decay", "initial_learning_rate": 1, "decay_epochs": )";
    EXPECT_THAT(refusal(good + "0}"), HasSubstr("decay_epochs: expected a number above 0"));
    EXPECT_THAT(refusal(good + "-1}"), HasSubstr("decay_epochs"));
    EXPECT_THAT(refusal(good + R"(2, "decay_steps": 3})"), HasSubstr("decay_steps"));
    EXPECT_THAT(refusal(good + R"(2, "alpha": -1})"), HasSubstr("alpha"));
    EXPECT_THAT(refusal(good + R"(2, "warmup_epochs": 1})"), HasSubstr("warmup_target"));
    EXPECT_THAT(refusal(good + R"(2, "warmup_target": 1})"), HasSubstr("warmup_epochs"));
}

}  // namespace
}  // namespace lockstep
