// What callbacks decide on rank 0 happens on every rank, in the step that it was meant for.
#include <cmath>
#include <functional>

#include <gmock/gmock.h>

#include <lockstep/train/callback.h>
#include <lockstep/train/recorder.h>

#include "mpi_test.h"
#include "toy.h"

namespace lockstep {
namespace {

using Control = MpiTest;

/// Runs a function at one hook.
class AtBatchBegin final : public Callback {
public:
    AtBatchBegin(std::int64_t batch, std::function<void(TrainingRun&)> act)
        : batch_(batch), act_(std::move(act)) {}
    void on_train_batch_begin(std::int64_t batch, const Logs&) override {
        if (batch == batch_) act_(run());
    }

private:
    std::int64_t batch_;
    std::function<void(TrainingRun&)> act_;
};

class AtBatchEnd final : public Callback {
public:
    AtBatchEnd(std::int64_t batch, std::function<void(TrainingRun&)> act)
        : batch_(batch), act_(std::move(act)) {}
    void on_train_batch_end(std::int64_t batch, const Logs&) override {
        ++batches;
        if (batch == batch_) act_(run());
    }
    void on_epoch_end(int, const Logs&) override { ++epochs; }
    void on_test_begin(const Logs&) override { ++tests; }
    int batches = 0, epochs = 0, tests = 0;

private:
    std::int64_t batch_;
    std::function<void(TrainingRun&)> act_;
};

FitOptions five_batches(std::shared_ptr<Callback> callback) {
    FitOptions options{.batch_size = 20, .epochs = 1, .shuffle = false};
    options.callbacks = {std::move(callback)};
    return options;
}

TEST_F(Control, LearningRateOfABatchBeginHookIsUsedInThatStep) {
    ToyRegression toy(*session);
    const auto before = toy.trainer().get_weights();
    auto freeze = std::make_shared<AtBatchBegin>(0, [](TrainingRun& run) { run.set_learning_rate(0.0); });
    toy.trainer().fit(ToyRegression::data(100), five_batches(freeze));
    EXPECT_EQ(toy.trainer().get_weights(), before);
    EXPECT_EQ(toy.trainer().learning_rate(), 0.0);
}

TEST_F(Control, AfterAStopNobodyUpdatesAWeight) {
    ToyRegression stopped(*session), whole(*session);
    auto stop = std::make_shared<AtBatchEnd>(2, [](TrainingRun& run) { run.stop_training("enough"); });
    FitOptions options = five_batches(stop);
    options.epochs = 3;
    options.validation_data = ToyRegression::data(30, 1);
    const History history = stopped.trainer().fit(ToyRegression::data(100), options);
    whole.trainer().fit(ToyRegression::data(60), {.batch_size = 20, .epochs = 1, .shuffle = false});
    EXPECT_EQ(stopped.trainer().get_weights(), whole.trainer().get_weights());
    EXPECT_EQ(history.epochs().size(), 1U);
    EXPECT_TRUE(history.contains("val_loss"));  // validation and on_epoch_end still run
    if (rank() != 0) return;
    EXPECT_EQ(stop->batches, 3);
    EXPECT_EQ(stop->epochs, 1);
    EXPECT_EQ(stop->tests, 1);
}

TEST_F(Control, WeightsSetInABatchHookAreThoseOfTheNextComputation) {
    // From zero weights, the last of five steps must give what one step from zero gives on that batch.
    ToyRegression reset(*session), fresh(*session);
    const std::size_t size = reset.model().parameters().size;
    auto zero = std::make_shared<AtBatchEnd>(3, [size](TrainingRun& run) {
        run.set_weights(std::vector<float>(size, 0.0F));
        run.set_learning_rate(0.0);
    });
    reset.trainer().fit(ToyRegression::data(100), five_batches(zero));
    EXPECT_THAT(reset.trainer().get_weights(), testing::Each(0.0F));
    if (rank() == 0) {
        EXPECT_EQ(zero->batches, 5);
    }  // the step that was begun again has its hooks once
}

TEST_F(Control, WeightsSetInABatchBeginHookAreUsedInThatStep) {
    ToyRegression toy(*session);
    const std::size_t size = toy.model().parameters().size;
    auto zero = std::make_shared<AtBatchBegin>(4, [size](TrainingRun& run) {
        run.set_weights(std::vector<float>(size, 0.0F));
        run.set_learning_rate(0.0);
    });
    toy.trainer().fit(ToyRegression::data(100), five_batches(zero));
    EXPECT_THAT(toy.trainer().get_weights(), testing::Each(0.0F));
}

class AtTrainEnd final : public Callback {
public:
    explicit AtTrainEnd(std::size_t size) : size_(size) {}
    void on_train_end(const Logs&) override { run().set_weights(std::vector<float>(size_, 0.5F)); }

private:
    std::size_t size_;
};

TEST_F(Control, WeightsSetAtTheEndOfTrainingReachEveryRank) {
    ToyRegression toy(*session);
    toy.trainer().fit(ToyRegression::data(100),
                      five_batches(std::make_shared<AtTrainEnd>(toy.model().parameters().size)));
    EXPECT_THAT(toy.trainer().get_weights(), testing::Each(0.5F));
}

TEST_F(Control, AThrowInAHookIsThrownOnEveryRank) {
    for (const std::int64_t batch : {0, 2, 4}) {
        ToyRegression toy(*session);
        auto fail =
            std::make_shared<AtBatchEnd>(batch, [](TrainingRun&) { throw DataError("the hook is tired"); });
        const auto fit = [&] { toy.trainer().fit(ToyRegression::data(100), five_batches(fail)); };
        EXPECT_THAT(fit, testing::ThrowsMessage<Error>("the hook is tired"));
        const Logs after = toy.trainer().evaluate(ToyRegression::data(30));  // the ranks are still in step
        EXPECT_TRUE(std::isfinite(after.at("loss")));
    }
}

TEST_F(Control, ACollectiveInAHookIsAnErrorNotAHang) {
    ToyRegression toy(*session);
    auto evaluate = std::make_shared<AtBatchEnd>(
        1, [&](TrainingRun&) { toy.trainer().evaluate(ToyRegression::data(10)); });
    EXPECT_THAT([&] { toy.trainer().fit(ToyRegression::data(100), five_batches(evaluate)); },
                testing::ThrowsMessage<Error>(testing::HasSubstr("evaluate() was called in a hook")));
}

class AtEpochBegin final : public Callback {
public:
    void on_epoch_begin(int, const Logs&) override { run().stop_training("at once"); }
    void on_train_batch_end(std::int64_t, const Logs&) override { ++batches; }
    int batches = 0;
};

TEST_F(Control, AStopBeforeTheFirstBatchLetsItRunAsInKeras) {
    ToyRegression toy(*session);
    auto stop = std::make_shared<AtEpochBegin>();
    const History history = toy.trainer().fit(ToyRegression::data(100), five_batches(stop));
    EXPECT_FALSE(std::isnan(history.at("loss").front()));
    if (rank() == 0) {
        EXPECT_EQ(stop->batches, 1);
    }
}

TEST_F(Control, AFailedCallLeavesNoWishes) {
    ToyRegression toy(*session);
    const std::size_t size = toy.model().parameters().size;
    auto fail = std::make_shared<AtBatchEnd>(0, [size](TrainingRun& run) {
        run.set_weights(std::vector<float>(size, 0.0F));
        throw Error("after a wish");
    });
    EXPECT_THROW(toy.trainer().fit(ToyRegression::data(100), five_batches(fail)), Error);
    toy.trainer().evaluate(ToyRegression::data(20));
    EXPECT_THAT(toy.trainer().get_weights(), testing::Not(testing::Each(0.0F)));
}

class GradientWatcher final : public Callback {
public:
    Needs needs() const override { return {.gradient_norms = true}; }
    void on_train_batch_end(std::int64_t, const Logs&) override {
        const GradientNorms norms = run().gradient_norms();
        global = norms.global;
        weights.assign(norms.weights.begin(), norms.weights.end());
    }
    double global = 0;
    std::vector<double> weights;
};

TEST_F(Control, GradientNormsAreThoseOfTheWholeBatch) {
    // Plain SGD with rate 1 moves the weights by the gradient.
    Sequential model({10});
    model.add<Dense>({.units = 3, .activation = "tanh"});
    model.add<Dense>({.units = 1});
    Trainer trainer(*session, model,
                    {.loss = "mse", .optimizer = Config::table({{"type", "sgd"}, {"learning_rate", 1.0}})});
    const auto before = trainer.get_weights();
    auto watcher = std::make_shared<GradientWatcher>();
    FitOptions options{.batch_size = 50, .epochs = 1};
    options.callbacks = {watcher};
    trainer.fit(ToyRegression::data(50), options);
    if (rank() != 0) return;
    const auto after = trainer.get_weights();
    double squares = 0;
    for (std::size_t index = 0; index < before.size(); ++index)
        squares += std::pow(static_cast<double>(after[index]) - before[index], 2);
    EXPECT_NEAR(watcher->global / std::sqrt(squares), 1.0, 1e-4);
    EXPECT_EQ(watcher->weights.size(), 4U);
}

TEST_F(Control, UndeclaredNormsAreAnError) {
    ToyRegression toy(*session);
    auto peek = std::make_shared<AtBatchEnd>(0, [](TrainingRun& run) { run.gradient_norms(); });
    EXPECT_THAT([&] { toy.trainer().fit(ToyRegression::data(100), five_batches(peek)); },
                testing::ThrowsMessage<Error>(testing::HasSubstr("needs()")));
}

TEST_F(Control, RecordedValuesOfAllRanksAreMerged) {
    ToyRegression toy(*session);
    FitOptions options{.batch_size = 20, .epochs = 1};
    // On each rank before the epoch ends: what was recorded before fit() is forgotten.
    class Recorder final : public Source {
    public:
        explicit Recorder(int number) : number_(number) {}
        std::uint64_t size() const override { return inner_.size(); }
        const Shape& input_shape() const override { return inner_.input_shape(); }
        const Shape& target_shape() const override { return inner_.target_shape(); }
        void read(std::span<const std::uint64_t> indices, const SampleRows& out) const override {
            inner_.read(indices, out);
            record("samples_read", static_cast<double>(indices.size()), 1.0, Merge::sum);
            record("highest_rank", number_, 1.0, Merge::maximum);
        }
        std::string describe() const override { return "recorder"; }

    private:
        int number_;
        FriedmanSource inner_{{.samples = 100}};
    };
    const History history = toy.trainer().fit(Dataset(std::make_shared<Recorder>(rank())), options);
    EXPECT_EQ(history.at("highest_rank").front(), size() - 1);
    EXPECT_GE(history.at("samples_read").front(), 80);  // the first batch may be read before the epoch begins
}

}  // namespace
}  // namespace lockstep
