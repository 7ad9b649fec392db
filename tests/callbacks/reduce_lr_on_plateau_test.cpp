#include <limits>
#include <optional>
#include <vector>

#include <gmock/gmock.h>

#include <lockstep/callbacks/reduce_lr_on_plateau.h>
#include <lockstep/log/setup.h>

#include "fake_run.h"
#include "job_keys.h"

namespace lockstep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// The monitored key, epoch by epoch; none: an epoch without validation.
using Values = std::vector<std::optional<double>>;

class ReduceLROnPlateauTest : public CallbackTest {
protected:
    /// The rates after each epoch.
    std::vector<double> train(ReduceLROnPlateau& callback, const Values& values, std::size_t first = 0) {
        std::vector<double> rates;
        callback.on_train_begin({});
        for (std::size_t number = first; number < values.size(); ++number) {
            Logs logs = make_logs({{"loss", 0.0}});
            if (values[number]) logs.set("val_loss", *values[number]);
            callback.on_epoch_end(static_cast<int>(number), logs);
            rates.push_back(run.rate_now);
        }
        return rates;
    }
    /// The rate begins at 1.
    std::vector<double> rates_of(ReduceLROnPlateau::Options options, const Values& values) {
        run.rate_now = 1.0;
        return train(make<ReduceLROnPlateau>(options), values);
    }
};

TEST_F(ReduceLROnPlateauTest, ReducesAfterSoManyEpochsWithoutImprovement) {
    EXPECT_THAT(rates_of({.factor = 0.5, .patience = 2}, {1.0, 1.0, 1.0, 1.0, 1.0, 1.0}),
                ElementsAre(1, 1, 0.5, 0.5, 0.25, 0.25));
    EXPECT_THAT(rates_of({.factor = 0.5, .patience = 2}, {1.0, 2.0, 0.5, 2.0, 2.0}),
                ElementsAre(1, 1, 1, 1, 0.5));
    EXPECT_THAT(rates_of({.factor = 0.5, .patience = 0}, {1.0, 1.0, 0.5, 1.0}),
                ElementsAre(1, 0.5, 0.5, 0.25));
}

TEST_F(ReduceLROnPlateauTest, AnImprovementIsMoreThanMinDelta) {
    EXPECT_THAT(rates_of({.factor = 0.5, .patience = 1, .min_delta = 0.25}, {1.0, 0.75, 0.5}),
                ElementsAre(1, 0.5, 0.5));
    EXPECT_THAT(rates_of({.factor = 0.5, .patience = 1, .mode = "max", .min_delta = 0.25}, {1.0, 1.25, 1.5}),
                ElementsAre(1, 0.5, 0.5));
    // The default is 1e-4.
    EXPECT_THAT(rates_of({.factor = 0.5, .patience = 1}, {1.0, 0.99995}), ElementsAre(1, 0.5));
    EXPECT_THAT(rates_of({.factor = 0.5, .patience = 1}, {1.0, 0.9998}), ElementsAre(1, 1));
}

// With cooldown 2 the reduction after epoch 1 leaves epoch 2 out; in epoch 3 the cooldown is over and counts.
TEST_F(ReduceLROnPlateauTest, CooldownEpochsDoNotCount) {
    EXPECT_THAT(rates_of({.factor = 0.5, .patience = 1, .cooldown = 2}, {1.0, 1.0, 1.0, 1.0, 1.0, 1.0}),
                ElementsAre(1, 0.5, 0.5, 0.25, 0.25, 0.125));
    // An improvement counts in the cooldown too: 0.75 is not better than the 0.5 of epoch 2.
    EXPECT_THAT(rates_of({.factor = 0.5, .patience = 1, .cooldown = 2}, {1.0, 1.0, 0.5, 0.75}),
                ElementsAre(1, 0.5, 0.5, 0.25));
}

TEST_F(ReduceLROnPlateauTest, RateStaysAboveItsLimit) {
    EXPECT_THAT(rates_of({.factor = 0.5, .patience = 1, .min_lr = 0.375}, {1.0, 1.0, 1.0, 1.0}),
                ElementsAre(1, 0.5, 0.375, 0.375));
    run.rate_now = 0.125;  // below from the start: left alone
    EXPECT_THAT(train(make<ReduceLROnPlateau>({.factor = 0.5, .patience = 1, .min_lr = 0.375}), {1.0, 1.0}),
                ElementsAre(0.125, 0.125));
}

// At the limit there is no reduction, hence no cooldown, and the count goes on.
TEST_F(ReduceLROnPlateauTest, NoCooldownAtTheLimit) {
    run.rate_now = 0.5;
    ReduceLROnPlateau& callback =
        make<ReduceLROnPlateau>({.factor = 0.5, .patience = 1, .cooldown = 5, .min_lr = 0.5});
    train(callback, {1.0, 1.0, 1.0});
    EXPECT_EQ(callback.state().get<int>("cooldown_counter"), 0);
    EXPECT_EQ(callback.state().get<int>("wait"), 2);
}

TEST_F(ReduceLROnPlateauTest, NaNIsNoImprovement) {
    EXPECT_THAT(rates_of({.factor = 0.5, .patience = 2}, {kNaN, kNaN, 1.0, kNaN, 0.5}),
                ElementsAre(1, 0.5, 0.5, 0.5, 0.5));
}

TEST_F(ReduceLROnPlateauTest, EpochsWithoutValidationChangeNothing) {
    EXPECT_THAT(rates_of({.factor = 0.5, .patience = 2, .cooldown = 1},
                         {1.0, std::nullopt, 1.0, std::nullopt, 1.0, std::nullopt, 1.0}),
                ElementsAre(1, 1, 1, 1, 0.5, 0.5, 0.5));
}

TEST_F(ReduceLROnPlateauTest, SecondTrainingForgetsTheFirst) {
    ReduceLROnPlateau& callback = make<ReduceLROnPlateau>({.factor = 0.5, .patience = 2, .cooldown = 9});
    run.rate_now = 1.0;
    EXPECT_THAT(train(callback, {0.1, 0.2, 0.2}), ElementsAre(1, 1, 0.5));
    EXPECT_THAT(train(callback, {0.9, 0.9, 0.9}), ElementsAre(0.5, 0.5, 0.25));
}

TEST_F(ReduceLROnPlateauTest, ResumedAnywhereItDecidesTheSame) {
    const ReduceLROnPlateau::Options options{.factor = 0.5, .patience = 2, .cooldown = 2};
    const Values values{kNaN, 1.0, 1.0, 1.0, 1.0, 0.5, 0.5, std::nullopt, 0.5, 0.5, 0.5, 0.5};
    const std::vector<double> whole = rates_of(options, values);
    ASSERT_THAT(whole, ElementsAre(1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125));
    for (std::size_t cut = 0; cut <= values.size(); ++cut) {
        run.rate_now = 1.0;
        ReduceLROnPlateau& first = make<ReduceLROnPlateau>(options);
        std::vector<double> rates =
            train(first, {values.begin(), values.begin() + static_cast<std::ptrdiff_t>(cut)});
        ReduceLROnPlateau& second = make<ReduceLROnPlateau>(options);
        second.restore(Config::from_json(first.state().to_json()));
        for (const double rate : train(second, values, cut)) rates.push_back(rate);
        EXPECT_EQ(rates, whole) << cut;
    }
}

TEST_F(ReduceLROnPlateauTest, TalksIfAskedTo) {
    testing::internal::CaptureStderr();
    rates_of({.factor = 0.5, .patience = 1, .verbose = 1}, {1.0, 1.0, 0.5});
    log::flush();
    const std::string text = testing::internal::GetCapturedStderr();
    EXPECT_THAT(text, HasSubstr("Epoch 2: ReduceLROnPlateau reducing learning rate to 0.5."));
    EXPECT_THAT(text, testing::Not(HasSubstr("Epoch 3")));
}

TEST_F(ReduceLROnPlateauTest, ReadsItsKeys) {
    const Config keys = Config::from_json(
        R"({"monitor": "val_score", "factor": 0.25, "patience": 1, "verbose": false, "mode": "max",
            "min_delta": 0.5, "cooldown": 2, "min_lr": 0.125})");
    const auto made = made_from_all<ReduceLROnPlateau>(keys);
    EXPECT_THAT(made->monitored(), ElementsAre("val_score"));
    made->attach(&run);
    made->on_train_begin({});
    run.rate_now = 1.0;
    std::vector<double> rates;
    for (const double score : {1.0, 1.25, 1.25, 1.25}) {
        made->on_epoch_end(0, make_logs({{"val_score", score}}));
        rates.push_back(run.rate_now);
    }
    EXPECT_THAT(rates, ElementsAre(1, 0.25, 0.25, 0.125));
}

TEST_F(ReduceLROnPlateauTest, SaysWhatItRefuses) {
    const auto refusal = refusal_of<ReduceLROnPlateau>;
    EXPECT_THAT(refusal(R"({"factor": 1.0})"), HasSubstr("job: reduce_lr_on_plateau: factor"));
    EXPECT_THAT(refusal(R"({"factor": -0.1})"), HasSubstr("factor"));
    EXPECT_THAT(refusal(R"({"patience": -1})"), HasSubstr("patience"));
    EXPECT_THAT(refusal(R"({"cooldown": -1})"), HasSubstr("cooldown"));
    EXPECT_THAT(refusal(R"({"min_lr": -1})"), HasSubstr("min_lr"));
    EXPECT_THAT(refusal(R"({"min_delta": -1})"), HasSubstr("min_delta"));
    EXPECT_THAT(refusal(R"({"monitor": "val_score"})"), HasSubstr("reduce_lr_on_plateau: mode"));
}

}  // namespace
}  // namespace lockstep
