// What callbacks declare that they need, against what one process computes.
#include <algorithm>
#include <functional>
#include <numeric>

#include <gmock/gmock.h>

#include <lockstep/core/error.h>
#include <lockstep/train/callback.h>

#include "mpi_test.h"
#include "toy.h"

namespace lockstep {
namespace {

using testing::Each;
using testing::HasSubstr;
using testing::ThrowsMessage;

/// Declares needs and runs a function in the hook that it is given for.
class Curious final : public Callback {
public:
    explicit Curious(Needs wanted) : wanted_(wanted) {}
    Needs needs() const override { return wanted_; }
    void on_train_begin(const Logs&) override { call(train_begin); }
    void on_train_batch_begin(std::int64_t, const Logs&) override { call(batch_begin); }
    void on_train_batch_end(std::int64_t, const Logs&) override { call(batch_end); }
    void on_test_end(const Logs&) override { call(test_end); }
    void on_epoch_end(int, const Logs&) override { call(epoch_end); }

    std::function<void(TrainingRun&)> train_begin, batch_begin, batch_end, test_end, epoch_end;

private:
    void call(const std::function<void(TrainingRun&)>& function) {
        if (function) function(run());
    }
    Needs wanted_;
};

class NeedsTest : public MpiTest {
protected:
    /// A plain SGD step, in which the update says what the gradient was.
    void fit(Toy& toy, const std::shared_ptr<Callback>& callback, std::uint64_t samples = 230) {
        toy.trainer().fit(
            Toy::glyphs(samples),
            {.batch_size = 50, .epochs = 2, .validation_data = Toy::glyphs(77, 1), .callbacks = {callback}});
    }
};

struct GradientCase {
    ExchangeMode exchange;
    bool clips;  // two phases
};

class KeptGradients : public NeedsTest, public testing::WithParamInterface<GradientCase> {};

TEST_P(KeptGradients, AreWhatTheOptimizerWasGiven) {
    // The last batch has one sample: all but one rank have no share in it.
    Toy toy(*session, {.shards = shards(), .exchange = GetParam().exchange, .clips = GetParam().clips});
    auto curious = std::make_shared<Curious>(Needs{.gradients = true});
    std::vector<float> before;
    std::vector<float> velocity(toy.model().parameters().size, 0.0F);
    int compared = 0;
    curious->batch_begin = [&](TrainingRun& run) { before = run.get_weights(); };
    curious->batch_end = [&](TrainingRun& run) {
        const auto gradient = run.gradients();
        ASSERT_EQ(gradient.size(), velocity.size());
        for (const Parameter& parameter : run.model().parameters().parameters)
            for (std::size_t i = parameter.offset; i < parameter.offset + parameter.size; ++i) {
                velocity[i] = 0.9F * velocity[i] - 0.1F * gradient[i];
                ASSERT_NEAR(run.weights()[i], before[i] + velocity[i], 1e-6F) << i;
            }
        ++compared;
    };
    fit(toy, curious, 201);
    if (rank() == 0) {
        EXPECT_EQ(compared, 10);
    }
}

INSTANTIATE_TEST_SUITE_P(Exchanges, KeptGradients,
                         testing::Values(GradientCase{ExchangeMode::node_shared, false},
                                         GradientCase{ExchangeMode::node_shared, true},
                                         GradientCase{ExchangeMode::private_copies, false},
                                         GradientCase{ExchangeMode::private_copies, true}));

TEST_F(NeedsTest, ConfusionCountsEverySampleOnce) {
    Toy toy(*session, {.shards = shards()});
    auto curious = std::make_shared<Curious>(Needs{.confusion = true});
    std::vector<double> accuracies;
    curious->epoch_end = [&](TrainingRun& run) {
        const ConfusionCounts confusion = run.confusion();
        ASSERT_EQ(confusion.classes, 10U);
        EXPECT_EQ(std::accumulate(confusion.counts.begin(), confusion.counts.end(), std::int64_t{0}), 77);
        std::int64_t right = 0;
        for (std::size_t c = 0; c < 10; ++c) right += confusion.counts[c * 10 + c];
        accuracies.push_back(static_cast<double>(right) / 77.0);
    };
    const History history = toy.trainer().fit(
        Toy::glyphs(230),
        {.batch_size = 50, .epochs = 3, .validation_data = Toy::glyphs(77, 1), .callbacks = {curious}});
    if (rank() != 0) return;
    ASSERT_EQ(accuracies.size(), 3U);
    for (std::size_t epoch = 0; epoch < 3; ++epoch)
        EXPECT_NEAR(accuracies[epoch], history.at("val_accuracy")[epoch], 1e-12);
}

TEST_F(NeedsTest, ProbeShowsWhatPredictSays) {
    Toy toy(*session, {.shards = shards()});
    auto curious = std::make_shared<Curious>(Needs{.probe_samples = 5});
    std::vector<float> last, hidden;
    curious->epoch_end = [&](TrainingRun& run) {
        EXPECT_EQ(run.probe().samples().data, "validation");
        EXPECT_EQ(run.probe().size(), 5U);
        const auto outputs = run.probe().outputs().values();
        EXPECT_TRUE(last.empty() || !std::ranges::equal(outputs, last)) << "the weights of the epoch before";
        last.assign(outputs.begin(), outputs.end());
        const auto units = run.probe().activations(1);
        EXPECT_EQ(units.columns(), 32U);
        hidden.assign(units.values().begin(), units.values().end());
    };
    fit(toy, curious);
    const Predictions predictions = toy.trainer().predict(Toy::glyphs(77, 1).slice(0, 5));
    if (rank() != 0) return;
    ASSERT_EQ(last.size(), predictions.values.size());
    for (std::size_t i = 0; i < last.size(); ++i) EXPECT_NEAR(last[i], predictions.values[i], 1e-5F);
    EXPECT_THAT(hidden, Each(testing::Ge(0.0F)));  // relu
    EXPECT_GT(std::accumulate(hidden.begin(), hidden.end(), 0.0F), 0.0F);
}

TEST_F(NeedsTest, WhatWasNotDeclaredIsRefusedOnAllRanks) {
    const auto try_hook = [&](auto member) {
        Toy toy(*session, {.shards = shards()});
        auto curious = std::make_shared<Curious>(Needs{});
        curious->batch_end = member;
        fit(toy, curious);
    };
    EXPECT_THAT([&] { try_hook([](TrainingRun& run) { run.gradients(); }); },
                ThrowsMessage<Error>(HasSubstr("gradients = true")));
    EXPECT_THAT([&] { try_hook([](TrainingRun& run) { run.confusion(); }); },
                ThrowsMessage<Error>(HasSubstr("confusion = true")));
    EXPECT_THAT([&] { try_hook([](TrainingRun& run) { run.probe(); }); },
                ThrowsMessage<Error>(HasSubstr("probe_samples")));
    EXPECT_THAT([&] { try_hook([](TrainingRun& run) { run.run_file(); }); },
                ThrowsMessage<Error>(HasSubstr("run_logger")));
}

TEST_F(NeedsTest, OneFileHasOneWriter) {
    Toy toy(*session, {.shards = shards()});
    auto curious = std::make_shared<Curious>(Needs{});
    curious->train_begin = [](TrainingRun& run) {
        run.claim_output("a.csv");
        run.claim_output("./a.csv");
    };
    EXPECT_THAT([&] { fit(toy, curious); }, ThrowsMessage<ConfigError>(HasSubstr("a.csv: two callbacks")));
}

// The definition: the first average is the weights after the first update.
TEST_F(NeedsTest, AverageOfWeightsFollowsThem) {
    Sequential model({10});
    model.add<Dense>({.units = 1});
    Trainer trainer(
        *session, model,
        {.loss = "mean_squared_error",
         .optimizer = Config::table(
             {{"type", "sgd"}, {"learning_rate", 0.01}, {"use_ema", true}, {"ema_momentum", 0.75}}),
         .shards = shards()});
    auto curious = std::make_shared<Curious>(Needs{});
    std::vector<double> average;
    int compared = 0;
    curious->batch_end = [&](TrainingRun& run) {
        const auto weights = run.weights();
        if (average.empty()) average.assign(weights.begin(), weights.end());
        for (std::size_t i = 0; i < average.size(); ++i) {
            average[i] = 0.75 * average[i] + 0.25 * weights[i];
            ASSERT_NEAR(run.averaged_weights()[i], average[i], 1e-5);
        }
        ++compared;
    };
    trainer.fit(ToyRegression::data(90), {.batch_size = 20, .epochs = 2, .callbacks = {curious}});
    if (rank() == 0) {
        EXPECT_EQ(compared, 10);
    }
}

TEST_F(NeedsTest, UsedRateIsThatOfTheStep) {
    Toy toy(*session, {.shards = shards()});
    auto curious = std::make_shared<Curious>(Needs{});
    std::vector<double> used;
    curious->batch_begin = [&](TrainingRun& run) {
        run.set_learning_rate(0.01 * static_cast<double>(run.step() + 1));
    };
    curious->batch_end = [&](TrainingRun& run) {
        run.set_learning_rate(5.0);  // of the next step
        used.push_back(run.used_learning_rate());
    };
    toy.trainer().fit(Toy::glyphs(100), {.batch_size = 50, .epochs = 2, .callbacks = {curious}});
    if (rank() == 0) {
        EXPECT_THAT(used, testing::ElementsAre(0.01, 0.02, 0.03, 0.04));
    }
}

}  // namespace
}  // namespace lockstep
