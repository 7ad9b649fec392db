// Hooks are called in Keras' order, with Keras' logs, on rank 0 only.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>

#include <lockstep/train/callback.h>

#include "mpi_test.h"
#include "toy.h"

namespace lockstep {
namespace {

/// Writes down every hook with the keys of its logs.
class Trace final : public Callback {
public:
    void on_train_begin(const Logs& logs) override { note("train_begin", logs); }
    void on_train_end(const Logs& logs) override { note("train_end", logs); }
    void on_test_begin(const Logs& logs) override { note("test_begin", logs); }
    void on_test_end(const Logs& logs) override { note("test_end", logs); }
    void on_predict_begin(const Logs& logs) override { note("predict_begin", logs); }
    void on_predict_end(const Logs& logs) override { note("predict_end", logs); }
    void on_epoch_begin(int epoch, const Logs& logs) override {
        note(fmt::format("epoch_begin {}", epoch), logs);
    }
    void on_epoch_end(int epoch, const Logs& logs) override {
        note(fmt::format("epoch_end {}", epoch), logs);
    }
    void on_train_batch_begin(std::int64_t batch, const Logs& logs) override {
        note(fmt::format("train_batch_begin {}", batch), logs);
    }
    void on_train_batch_end(std::int64_t batch, const Logs& logs) override {
        note(fmt::format("train_batch_end {}", batch), logs);
        samples += run().batch_samples();
    }
    void on_test_batch_begin(std::int64_t batch, const Logs& logs) override {
        note(fmt::format("test_batch_begin {}", batch), logs);
    }
    void on_test_batch_end(std::int64_t batch, const Logs& logs) override {
        note(fmt::format("test_batch_end {}", batch), logs);
    }
    void on_predict_batch_begin(std::int64_t batch, const Logs& logs) override {
        note(fmt::format("predict_batch_begin {}", batch), logs);
    }
    void on_predict_batch_end(std::int64_t batch, const Logs& logs) override {
        note(fmt::format("predict_batch_end {}", batch), logs);
    }

    std::vector<std::string> lines;
    std::uint64_t samples = 0;

private:
    void note(const std::string& hook, const Logs& logs) {
        lines.push_back(fmt::format("{} [{}]", hook, fmt::join(logs.keys(), " ")));
    }
};

using Hooks = MpiTest;

TEST_F(Hooks, OfATrainingWithValidationComeInTheOrderOfKeras) {
    ToyRegression toy(*session);
    auto trace = std::make_shared<Trace>();
    FitOptions options{.batch_size = 30, .epochs = 1, .validation_split = 0.5};
    options.callbacks = {trace};
    toy.trainer().fit(ToyRegression::data(100), options);
    const std::vector<std::string> expected = {
        "train_begin []",
        "epoch_begin 0 []",
        "train_batch_begin 0 []",
        "train_batch_end 0 [loss mae]",
        "train_batch_begin 1 []",
        "train_batch_end 1 [loss mae]",
        "test_begin []",
        "test_batch_begin 0 []",
        "test_batch_end 0 [loss mae]",
        "test_batch_begin 1 []",
        "test_batch_end 1 [loss mae]",
        "test_end [loss mae]",
        "epoch_end 0 [loss mae val_loss val_mae]",
        "train_end [loss mae val_loss val_mae]",
    };
    if (rank() != 0) {
        EXPECT_TRUE(trace->lines.empty());
        return;
    }
    EXPECT_EQ(trace->lines, expected);
    EXPECT_EQ(trace->samples, 50U);
}

TEST_F(Hooks, OfPredictCarryTheOutputs) {
    ToyRegression toy(*session);
    auto trace = std::make_shared<Trace>();
    EvaluateOptions options{.batch_size = 6};
    options.callbacks = {trace};
    toy.trainer().predict(ToyRegression::data(10), options);
    if (rank() != 0) return;
    EXPECT_THAT(
        trace->lines,
        testing::ElementsAre("predict_begin []", "predict_batch_begin 0 []", "predict_batch_end 0 [outputs]",
                             "predict_batch_begin 1 []", "predict_batch_end 1 [outputs]", "predict_end []"));
}

class Params final : public Callback {
public:
    void on_train_begin(const Logs&) override { seen = run().params(); }
    RunParams seen;
};

TEST_F(Hooks, SeeTheParamsOfTheCall) {
    ToyRegression toy(*session);
    auto params = std::make_shared<Params>();
    FitOptions options{.batch_size = 32, .epochs = 4, .initial_epoch = 2, .verbose = 2};
    options.callbacks = {params};
    const History history = toy.trainer().fit(ToyRegression::data(100), options);
    EXPECT_EQ(history.epochs(), (std::vector<std::int64_t>{2, 3}));
    if (rank() != 0) return;
    EXPECT_EQ(params->seen.epochs, 4);
    EXPECT_EQ(params->seen.steps, 4);
    EXPECT_EQ(params->seen.verbose, 2);
    EXPECT_EQ(params->seen.samples, 100U);
    EXPECT_EQ(params->seen.metrics, (std::vector<std::string>{"loss", "mae"}));
    EXPECT_FALSE(params->seen.has_validation);
}

class Monitors final : public Callback {
public:
    std::vector<std::string> monitored() const override { return {"val_loss"}; }
};

TEST_F(Hooks, AMonitoredKeyThatWillNotExistIsAnErrorWhenTrainingStarts) {
    ToyRegression toy(*session);
    FitOptions options;
    options.callbacks = {std::make_shared<Monitors>()};
    EXPECT_THAT([&] { toy.trainer().fit(ToyRegression::data(100), options); },
                testing::ThrowsMessage<ConfigError>(testing::HasSubstr("\"val_loss\"")));
}

class NeedsAverage final : public Callback {
public:
    Needs needs() const override { return {.averaged_weights = true}; }
};

TEST_F(Hooks, AnAverageThatTheOptimizerDoesNotKeepIsAnErrorWhenTrainingStarts) {
    ToyRegression toy(*session);
    FitOptions options;
    options.callbacks = {std::make_shared<NeedsAverage>()};
    EXPECT_THAT([&] { toy.trainer().fit(ToyRegression::data(100), options); },
                testing::ThrowsMessage<ConfigError>(testing::HasSubstr("use_ema = true")));
}

}  // namespace
}  // namespace lockstep
