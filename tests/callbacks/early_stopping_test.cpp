#include <limits>
#include <optional>
#include <vector>

#include <gmock/gmock.h>

#include <lockstep/callbacks/early_stopping.h>
#include <lockstep/log/setup.h>

#include "fake_run.h"
#include "job_keys.h"

namespace lockstep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// The monitored key, epoch by epoch; none: an epoch without validation.
using Values = std::vector<std::optional<double>>;

class EarlyStoppingTest : public CallbackTest {
protected:
    /// The weights after epoch e are {e}.
    void epoch(EarlyStopping& callback, std::size_t number, std::optional<double> value) {
        const int epoch = static_cast<int>(number);
        run.epoch_now = epoch;
        run.weights_now = {static_cast<float>(epoch)};
        Logs logs = make_logs({{"loss", 0.0}});
        if (value) logs.set("val_loss", *value);
        callback.on_epoch_end(epoch, logs);
    }
    /// The epoch that training stopped after; none: it did not.
    std::optional<std::size_t> train(EarlyStopping& callback, const Values& values, std::size_t first = 0) {
        run.stopped = false;
        callback.on_train_begin({});
        std::size_t number = first;
        for (; number < values.size() && !run.stopped; ++number) epoch(callback, number, values[number]);
        callback.on_train_end({});
        return run.stopped ? std::optional(number - 1) : std::nullopt;
    }
    std::optional<std::size_t> stop_of(EarlyStopping::Options options, const Values& values) {
        return train(make<EarlyStopping>(options), values);
    }
};

TEST_F(EarlyStoppingTest, StopsAfterSoManyEpochsWithoutImprovement) {
    EXPECT_EQ(stop_of({.patience = 2}, {1.0, 0.8, 0.9, 0.85, 0.7}), 3U);
    EXPECT_EQ(stop_of({.patience = 2}, {1.0, 0.8, 0.9, 0.7, 0.75, 0.7}), 5U);  // equal is no better
    EXPECT_EQ(stop_of({.patience = 3}, {1.0, 0.8, 0.9, 0.85}), std::nullopt);
    EXPECT_EQ(stop_of({.patience = 0}, {1.0, 1.0, 0.5}), 1U);
    EXPECT_EQ(stop_of({.patience = 1}, {1.0, 1.0, 0.5}), 1U);  // in Keras the same as 0
}

TEST_F(EarlyStoppingTest, SaysWhy) {
    stop_of({.patience = 2}, {1.0, 0.75, 0.9, 0.85});
    EXPECT_EQ(run.stop_reason(),
              "early stopping after epoch 4: 2 epochs without improvement of val_loss; the best was 0.75 in "
              "epoch 2");
    EXPECT_EQ(run.stop_cause(), StopCause::wish);
}

TEST_F(EarlyStoppingTest, ModeSaysWhatIsBetter) {
    EXPECT_EQ(stop_of({.patience = 1, .mode = "max"}, {0.5, 0.6, 0.7, 0.6}), 3U);
    EXPECT_EQ(stop_of({.patience = 1, .mode = "min"}, {0.5, 0.6}), 1U);
}

TEST_F(EarlyStoppingTest, AnImprovementIsMoreThanMinDelta) {
    EXPECT_EQ(stop_of({.min_delta = 0.25, .patience = 1}, {1.0, 0.75}), 1U);  // exactly so much is not
    EXPECT_EQ(stop_of({.min_delta = 0.25, .patience = 1}, {1.0, 0.5, 0.125}), std::nullopt);
    EXPECT_EQ(stop_of({.min_delta = 0.25, .patience = 1, .mode = "max"}, {1.0, 1.25}), 1U);
    EXPECT_EQ(stop_of({.min_delta = 0.25, .patience = 1, .mode = "max"}, {1.0, 1.5}), std::nullopt);
}

// An epoch that is better than before, but not than the baseline, neither stops nor starts the count anew.
TEST_F(EarlyStoppingTest, OnlyWhatBeatsTheBaselineStartsTheCountAnew) {
    EXPECT_EQ(stop_of({.patience = 2, .baseline = 0.5}, {0.9, 0.8, 0.7, 0.75}), 3U);
    EXPECT_EQ(stop_of({.patience = 2, .baseline = 0.5}, {0.9, 0.8, 0.4, 0.75}), std::nullopt);
    EXPECT_EQ(stop_of({.patience = 2, .baseline = 0.5}, {0.9, 0.8, 0.4, 0.75, 0.75}), 4U);
    EXPECT_EQ(stop_of({.patience = 2, .baseline = 0.5}, {0.9, 0.95}), 1U);
}

TEST_F(EarlyStoppingTest, FirstEpochNeverStops) {
    EXPECT_EQ(stop_of({.patience = 0}, {kNaN, 0.5, 0.4}), std::nullopt);
}

TEST_F(EarlyStoppingTest, NaNIsNoImprovement) {
    EXPECT_EQ(stop_of({.patience = 2}, {1.0, kNaN, kNaN}), 2U);
    EXPECT_EQ(stop_of({.patience = 2, .mode = "max"}, {1.0, kNaN, kNaN}), 2U);
    EXPECT_EQ(stop_of({.patience = 2}, {kNaN, 1.0, kNaN, 0.5}), std::nullopt);
}

TEST_F(EarlyStoppingTest, EpochsBeforeTheStartDoNotCount) {
    EXPECT_EQ(stop_of({.start_from_epoch = 2}, {0.1, 0.9, 0.8, 0.7, 0.75}), 4U);
}

TEST_F(EarlyStoppingTest, EpochsWithoutValidationDoNotCount) {
    EXPECT_EQ(stop_of({.patience = 2}, {0.5, std::nullopt, 0.6, std::nullopt, 0.6}), 4U);
}

TEST_F(EarlyStoppingTest, PutsBackTheBestWeights) {
    stop_of({.patience = 2, .restore_best_weights = true}, {1.0, 0.5, 0.75, 0.75});
    EXPECT_THAT(run.weights_now, ElementsAre(1.0F));
    stop_of({.patience = 2}, {1.0, 0.5, 0.75, 0.75});
    EXPECT_THAT(run.weights_now, ElementsAre(3.0F));
}

TEST_F(EarlyStoppingTest, PutsThemBackAlsoIfAllEpochsWereTrained) {
    stop_of({.patience = 9, .restore_best_weights = true}, {1.0, 0.75, 0.5, 0.6});
    EXPECT_THAT(run.weights_now, ElementsAre(2.0F));
}

TEST_F(EarlyStoppingTest, BestWeightsNeedNotBeatTheBaseline) {
    stop_of({.patience = 3, .baseline = 0.1, .restore_best_weights = true}, {0.9, 0.5, 0.6, 0.7});
    EXPECT_THAT(run.weights_now, ElementsAre(1.0F));
}

TEST_F(EarlyStoppingTest, FirstEpochIsTheBestUntilThereIsABetterOne) {
    stop_of({.patience = 2, .restore_best_weights = true, .start_from_epoch = 1}, {0.1, kNaN, kNaN});
    EXPECT_THAT(run.weights_now, ElementsAre(1.0F));
}

TEST_F(EarlyStoppingTest, SecondTrainingForgetsTheFirst) {
    EarlyStopping& callback = make<EarlyStopping>({.patience = 1, .restore_best_weights = true});
    EXPECT_EQ(train(callback, {0.1, 0.2}), 1U);
    EXPECT_EQ(callback.stopped_epoch(), 1);
    EXPECT_EQ(train(callback, {0.9, 0.8, 0.7}), std::nullopt);
    EXPECT_EQ(callback.stopped_epoch(), 0);
    EXPECT_EQ(callback.best(), 0.7);
    EXPECT_EQ(callback.best_epoch(), 2);
    EXPECT_THAT(run.weights_now, ElementsAre(2.0F));
    EXPECT_EQ(train(callback, {std::nullopt, std::nullopt, std::nullopt, std::nullopt}), std::nullopt);
    EXPECT_THAT(run.weights_now, ElementsAre(3.0F));
}

TEST_F(EarlyStoppingTest, ResumedAnywhereItDecidesTheSame) {
    const EarlyStopping::Options options{
        .patience = 3, .baseline = 0.75, .restore_best_weights = true, .start_from_epoch = 1};
    const Values values{0.1, kNaN, 0.9, 0.8, 0.7, 0.75, std::nullopt, 0.9, kNaN, 0.1};
    for (std::size_t cut = 0; cut <= 8; ++cut) {
        EarlyStopping& first = make<EarlyStopping>(options);
        run.stopped = false;
        first.on_train_begin({});
        for (std::size_t number = 0; number < cut; ++number) epoch(first, number, values[number]);
        ASSERT_FALSE(run.stopped) << cut;

        EarlyStopping& second = make<EarlyStopping>(options);
        second.restore(Config::from_json(first.state().to_json()));
        second.restore_kept_weights(first.kept_weights());
        EXPECT_EQ(train(second, values, cut), 8U) << cut;
        EXPECT_EQ(second.best(), 0.7) << cut;
        EXPECT_THAT(run.weights_now, ElementsAre(4.0F)) << cut;
    }
}

TEST_F(EarlyStoppingTest, KeepsWeightsOnlyIfItPutsThemBack) {
    EarlyStopping& without = make<EarlyStopping>({});
    without.on_train_begin({});
    epoch(without, 0, 0.5);
    EXPECT_THAT(without.kept_weights(), IsEmpty());
    EarlyStopping& with = make<EarlyStopping>({.restore_best_weights = true});
    with.on_train_begin({});
    EXPECT_THAT(with.kept_weights(), IsEmpty());
    epoch(with, 0, 0.5);
    EXPECT_THAT(with.kept_weights().at("best"), ElementsAre(0.0F));
}

TEST_F(EarlyStoppingTest, TalksIfAskedTo) {
    const auto said = [this](int verbose) {
        testing::internal::CaptureStderr();
        stop_of({.verbose = verbose, .restore_best_weights = true}, {1.0, 0.5, 0.75});
        log::flush();
        return testing::internal::GetCapturedStderr();
    };
    const std::string text = said(1);
    EXPECT_THAT(text, HasSubstr("Epoch 3: early stopping"));
    EXPECT_THAT(text, HasSubstr("Restoring model weights from the end of the best epoch: 2."));
    EXPECT_EQ(said(0), "");
}

TEST_F(EarlyStoppingTest, MonitoredKeyMustExist) {
    EXPECT_THAT(make<EarlyStopping>({.monitor = "val_accuracy"}).monitored(), ElementsAre("val_accuracy"));
}

TEST_F(EarlyStoppingTest, ReadsItsKeys) {
    const Config keys = Config::from_json(
        R"({"monitor": "val_score", "min_delta": 0.25, "patience": 1, "verbose": 0, "mode": "max",
            "baseline": 0.5, "restore_best_weights": true, "start_from_epoch": 1})");
    const auto made = made_from_all<EarlyStopping>(keys);
    made->attach(&run);
    made->on_train_begin({});
    const std::vector<double> scores{9.0, 0.75, 1.0};  // before the start; the best; not better by min_delta
    for (int number = 0; number < 3; ++number) {
        run.weights_now = {static_cast<float>(number)};
        made->on_epoch_end(number, make_logs({{"val_score", scores[static_cast<std::size_t>(number)]}}));
        EXPECT_EQ(run.stopped, number == 2) << number;
    }
    made->on_train_end({});
    EXPECT_THAT(run.weights_now, ElementsAre(1.0F));
}

TEST_F(EarlyStoppingTest, SaysWhatItRefuses) {
    const auto refusal = refusal_of<EarlyStopping>;
    EXPECT_THAT(refusal(R"({"patience": -1})"),
                HasSubstr("job: early_stopping: patience: expected 0 or more"));
    EXPECT_THAT(refusal(R"({"patience": 1.5})"), HasSubstr("patience"));
    EXPECT_THAT(refusal(R"({"min_delta": -0.1})"), HasSubstr("early_stopping: min_delta"));
    EXPECT_THAT(refusal(R"({"start_from_epoch": -1})"), HasSubstr("start_from_epoch"));
    EXPECT_THAT(refusal(R"({"baseline": "NaN"})"), HasSubstr("baseline"));
    EXPECT_THAT(refusal(R"({"mode": "down"})"), HasSubstr("got \"down\""));
    EXPECT_THAT(refusal(R"({"monitor": "val_score"})"), HasSubstr("early_stopping: mode"));
    EXPECT_THAT(refusal(R"({"verbose": 2})"), HasSubstr("verbose"));
}

}  // namespace
}  // namespace lockstep
