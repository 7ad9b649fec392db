#include <vector>

#include <gmock/gmock.h>

#include <lockstep/callbacks/learning_rate_warmup.h>
#include <lockstep/log/setup.h>

#include "fake_run.h"
#include "job_keys.h"

namespace lockstep {
namespace {

using testing::DoubleEq;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr auto refusal = refusal_of<LearningRateWarmup>;

class LearningRateWarmupTest : public CallbackTest {
protected:
    LearningRateWarmupTest() {
        run.info_now.world_size = 4;
        run.params_now.steps = 2;
    }

    /// The rate of each of the two batches of epochs [first, end), and what was said.
    std::vector<double> train(Callback& callback, int first, int end) {
        std::vector<double> rates;
        testing::internal::CaptureStderr();
        run.epoch_now = first;
        callback.on_train_begin({});
        for (; run.epoch_now < end; ++run.epoch_now) {
            for (int batch = 0; batch < 2; ++batch) {
                callback.on_train_batch_begin(batch, {});
                rates.push_back(run.rate_now);
            }
            callback.on_epoch_end(run.epoch_now, {});
        }
        log::flush();
        said = testing::internal::GetCapturedStderr();
        return rates;
    }

    std::string said;
};

// Of 4 ranks, after epochs 0.5, 1, 1.5 and 2 of 2: 1/4 * (1 + 3/4, 2 + 1/2, 3 + 1/4, 4) of the target.
TEST_F(LearningRateWarmupTest, ClimbsFromOneOverRanksToTheTarget) {
    EXPECT_THAT(train(make<LearningRateWarmup>({.initial_learning_rate = 0.4, .warmup_epochs = 2}), 0, 2),
                ElementsAre(DoubleEq(0.175), DoubleEq(0.25), DoubleEq(0.325), 0.4));
    EXPECT_THAT(train(make<LearningRateWarmup>({.initial_learning_rate = 0.1,
                                                .warmup_epochs = 2,
                                                .scale = LearningRateWarmup::WorldSize{}}),
                      0, 2),
                ElementsAre(DoubleEq(0.175), DoubleEq(0.25), DoubleEq(0.325), 0.4));
    EXPECT_THAT(
        train(make<LearningRateWarmup>({.initial_learning_rate = 0.1, .warmup_epochs = 1, .scale = 2.0}), 0,
              1),
        ElementsAre(DoubleEq(0.125), 0.2));
}

TEST_F(LearningRateWarmupTest, LeavesTheRateAloneAfterwards) {
    LearningRateWarmup& callback =
        make<LearningRateWarmup>({.initial_learning_rate = 0.4, .warmup_epochs = 2});
    train(callback, 0, 2);
    EXPECT_EQ(run.rate_now, 0.4);
    run.rate_now = 0.05;
    EXPECT_THAT(train(callback, 2, 4), Each(0.05));
}

TEST_F(LearningRateWarmupTest, OneRankHasTheTargetFromTheStart) {
    run.info_now.world_size = 1;
    EXPECT_THAT(train(make<LearningRateWarmup>({.initial_learning_rate = 0.4, .scale = 2.0}), 0, 2),
                Each(0.8));
    EXPECT_THAT(said, HasSubstr("there is one rank, so the learning rate is 0.8 from the start"));
}

TEST_F(LearningRateWarmupTest, ResumedAnywhereItGivesTheSameRates) {
    const LearningRateWarmup::Options options{.initial_learning_rate = 0.4, .warmup_epochs = 3};
    const std::vector<double> whole = train(make<LearningRateWarmup>(options), 0, 4);
    for (int cut = 0; cut <= 4; ++cut) {
        std::vector<double> rates = train(make<LearningRateWarmup>(options), 0, cut);
        for (const double rate : train(make<LearningRateWarmup>(options), cut, 4)) rates.push_back(rate);
        EXPECT_EQ(rates, whole) << cut;
    }
}

TEST_F(LearningRateWarmupTest, WarnsOfOtherRanksAfterAResumeWithinTheWarmUp) {
    const LearningRateWarmup::Options options{.initial_learning_rate = 0.4, .warmup_epochs = 2};
    LearningRateWarmup& before = make<LearningRateWarmup>(options);
    train(before, 0, 1);
    const auto said_on = [&](int ranks, int epoch) {
        LearningRateWarmup& after = make<LearningRateWarmup>(options);
        after.restore(before.state());
        run.info_now.world_size = ranks;
        train(after, epoch, 3);
        return said;
    };
    EXPECT_EQ(said_on(4, 1), "");
    EXPECT_THAT(said_on(2, 1), HasSubstr("training was on 4 ranks and goes on on 2"));
    EXPECT_EQ(said_on(2, 2), "") << "the warm-up is over";
}

TEST_F(LearningRateWarmupTest, TalksIfAskedTo) {
    train(make<LearningRateWarmup>({.initial_learning_rate = 0.4, .warmup_epochs = 2, .verbose = 1}), 0, 4);
    EXPECT_THAT(said, HasSubstr("Epoch 2: finished gradual learning rate warmup to 0.4."));
    EXPECT_THAT(said, testing::Not(HasSubstr("Epoch 3")));
    train(make<LearningRateWarmup>({.initial_learning_rate = 0.4, .warmup_epochs = 2}), 0, 4);
    EXPECT_EQ(said, "");
}

TEST_F(LearningRateWarmupTest, ReadsItsKeys) {
    const Config keys = Config::from_json(
        R"({"initial_learning_rate": 0.1, "warmup_epochs": 2, "scale": "world_size",
            "momentum_correction": false, "verbose": 0})");
    const auto made = made_from_all<LearningRateWarmup>(keys);
    made->attach(&run);
    EXPECT_THAT(train(*made, 0, 2), ElementsAre(DoubleEq(0.175), DoubleEq(0.25), DoubleEq(0.325), 0.4));

    const auto as_horovod = LearningRateWarmup::from_config(
        Config::from_json(R"({"initial_lr": 0.1, "warmup_epochs": 1, "scale": 2})"));
    as_horovod->attach(&run);
    EXPECT_THAT(train(*as_horovod, 0, 1), ElementsAre(DoubleEq(0.125), 0.2));
}

TEST_F(LearningRateWarmupTest, SaysWhatItRefuses) {
    const auto with = [](const std::string& keys) {
        return R"({"initial_learning_rate": 0.1, )" + keys + "}";
    };
    EXPECT_THAT(refusal("{}"), HasSubstr("initial_learning_rate"));
    EXPECT_THAT(
        refusal(R"({"initial_learning_rate": 0})"),
        HasSubstr("job: learning_rate_warmup: initial_learning_rate: expected a number above 0, got 0"));
    EXPECT_THAT(refusal(with(R"("warmup_epochs": 0)")), HasSubstr("learning_rate_warmup: warmup_epochs"));
    EXPECT_THAT(refusal(with(R"("scale": 0)")), HasSubstr("scale"));
    EXPECT_THAT(refusal(with(R"("scale": "ranks")")), HasSubstr("expected a number or \"world_size\""));
    EXPECT_THAT(refusal(with(R"("momentum_correction": true)")),
                HasSubstr("velocity is made of rate * gradient"));
    EXPECT_THAT(refusal(with(R"("steps_per_epoch": 100)")), HasSubstr("leave it out"));
}

}  // namespace
}  // namespace lockstep
