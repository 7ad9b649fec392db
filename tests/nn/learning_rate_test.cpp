#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/nn/optimizers/sgd.h>
#include <lockstep/nn/registry.h>
#include <lockstep/nn/schedules/exponential_decay.h>

using namespace lockstep;
using testing::HasSubstr;

namespace {

constexpr const char* kSchedule =
    R"({"type": "exponential_decay", "initial_learning_rate": 0.8, "decay_steps": 2, "decay_rate": 0.25})";

std::string message_of(const char* rate) {
    try {
        make_optimizer(Config::table({{"type", "sgd"}, {"learning_rate", Config::from_json(rate)}}));
    } catch (const ConfigError& error) {
        return error.what();
    }
    return "no error";
}

TEST(LearningRate, OfANumberIsTheNumber) {
    const Sgd sgd({.learning_rate = 0.5});
    EXPECT_EQ(sgd.learning_rate(), 0.5);
    EXPECT_EQ(sgd.learning_rate(1000), 0.5);
    EXPECT_EQ(sgd.schedule(), nullptr);
    EXPECT_TRUE(sgd.config().at("learning_rate") == Config(0.5));
}

TEST(LearningRate, OfAScheduleIsThatOfTheUpdate) {
    const Sgd sgd({.learning_rate = std::make_shared<ExponentialDecay>(ExponentialDecay::Options{
                       .initial_learning_rate = 0.8, .decay_steps = 2, .decay_rate = 0.25})});
    EXPECT_DOUBLE_EQ(sgd.learning_rate(), 0.8);
    EXPECT_DOUBLE_EQ(sgd.learning_rate(1), 0.4);
    EXPECT_DOUBLE_EQ(sgd.learning_rate(4), 0.05);
    ASSERT_NE(sgd.schedule(), nullptr);
    EXPECT_EQ(sgd.schedule()->type(), "exponential_decay");
}

TEST(LearningRate, OfEveryOptimizerMayBeASchedule) {
    for (const std::string& type : optimizer_registry().types()) {
        const Config written =
            Config::table({{"type", type}, {"learning_rate", Config::from_json(kSchedule)}});
        const auto optimizer = make_optimizer(written);
        ASSERT_NE(optimizer->schedule(), nullptr) << type;
        EXPECT_DOUBLE_EQ(optimizer->learning_rate(2), 0.2) << type;

        Config config = optimizer->config();
        config.set("type", type);
        const auto again = make_optimizer(config);
        EXPECT_DOUBLE_EQ(again->learning_rate(2), 0.2) << type;
        EXPECT_TRUE(again->config() == optimizer->config()) << type;
    }
}

TEST(LearningRate, ErrorsNameWhatIsWrong) {
    EXPECT_THAT(message_of(R"("fast")"), HasSubstr("expected a number, or a schedule such as { type = "));
    EXPECT_THAT(message_of("-0.1"), HasSubstr("learning_rate: expected a number of at least 0, got -0.1"));
    EXPECT_THAT(message_of(R"({"type": "cosine_deacy"})"), HasSubstr("did you mean \"cosine_decay\"?"));
    EXPECT_THAT(message_of(R"({"type": "cosine_decay", "initial_learning_rate": 1, "decay_steps": 0})"),
                HasSubstr("decay_steps: expected at least 1, got 0"));
    EXPECT_THAT(message_of(R"({"type": "exponential_decay", "initial_learning_rate": 1, "decay_steps": 5,
                               "decay_rate": 1, "stair": true})"),
                HasSubstr("stair"));
}

}  // namespace
