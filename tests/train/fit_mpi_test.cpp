// The arguments of fit, and the loops that users write themselves.
#include <cmath>

#include <gmock/gmock.h>

#include "allocation_counter.h"
#include "mpi_test.h"
#include "toy.h"

namespace lockstep {
namespace {

using Fit = MpiTest;

TEST_F(Fit, LearnsARegression) {
    ToyRegression toy(*session);
    const History history = toy.trainer().fit(ToyRegression::data(2000), {.batch_size = 40, .epochs = 12});
    EXPECT_LT(history.at("loss").back(), 0.15 * history.at("loss").front());
}

TEST_F(Fit, WithStepsPerEpochAnEpochContinuesThePass) {
    // Two epochs of 5 steps see each of 10 batches once, as one epoch of 10 steps does.
    ToyRegression halves(*session, 0), whole(*session, 0);
    halves.trainer().fit(ToyRegression::data(100), {.batch_size = 10, .epochs = 2, .steps_per_epoch = 5});
    whole.trainer().fit(ToyRegression::data(100), {.batch_size = 10, .epochs = 1});
    EXPECT_EQ(halves.trainer().get_weights(), whole.trainer().get_weights());
}

TEST_F(Fit, APassOverOtherDataBeginsAnew) {
    ToyRegression toy(*session);
    toy.trainer().fit(ToyRegression::data(100), {.batch_size = 10, .epochs = 1, .steps_per_epoch = 7});
    const History history =
        toy.trainer().fit(ToyRegression::data(30), {.batch_size = 10, .epochs = 1, .steps_per_epoch = 2});
    EXPECT_FALSE(std::isnan(history.at("loss").front()));
}

TEST_F(Fit, EachPassHasAnotherOrder) {
    ToyRegression shuffled(*session), repeated(*session);
    const auto data = ToyRegression::data(64);
    shuffled.trainer().fit(data, {.batch_size = 8, .epochs = 2});
    repeated.trainer().fit(data, {.batch_size = 8, .epochs = 2, .shuffle = false});
    EXPECT_NE(shuffled.trainer().get_weights(), repeated.trainer().get_weights());
}

TEST_F(Fit, ValidationFrequencyAndSteps) {
    ToyRegression toy(*session);
    FitOptions options{.batch_size = 20, .epochs = 4, .validation_steps = 2, .validation_freq = 2};
    options.validation_data = ToyRegression::data(200, 1);
    const History history = toy.trainer().fit(ToyRegression::data(100), options);
    const auto& column = history.at("val_loss");
    EXPECT_TRUE(std::isnan(column[0]));
    EXPECT_FALSE(std::isnan(column[1]));
    EXPECT_TRUE(std::isnan(column[2]));
    EXPECT_FALSE(std::isnan(column[3]));
}

TEST_F(Fit, ALoopOfTrainOnBatchIsWhatFitDoes) {
    ToyRegression by_hand(*session), by_fit(*session);
    const auto data = ToyRegression::data(60);
    std::vector<float> inputs(60 * 10), targets(60);
    std::vector<std::uint64_t> indices(60);
    for (std::uint64_t index = 0; index < 60; ++index) indices[index] = index;
    data.read(indices,
              {.inputs = {inputs.data(), 60, 10}, .targets = {targets.data(), 60, 1}, .weights = {}});
    Logs last;
    for (std::size_t first = 0; first < 60; first += 20)
        last = by_hand.trainer().train_on_batch({inputs.data() + first * 10, 20, 10},
                                                {targets.data() + first, 20, 1});
    by_fit.trainer().fit(data, {.batch_size = 20, .epochs = 1, .shuffle = false});
    EXPECT_EQ(by_hand.trainer().get_weights(), by_fit.trainer().get_weights());
    EXPECT_THAT(last.keys(), testing::ElementsAre("loss", "mae"));
    const Logs whole = by_hand.trainer().test_on_batch({inputs.data(), 60, 10}, {targets.data(), 60, 1});
    const Logs evaluated = by_fit.trainer().evaluate(data, {.batch_size = 60});
    EXPECT_EQ(whole.at("loss"), evaluated.at("loss"));
}

TEST_F(Fit, AccumulatedBatchesAreOneLargeBatch) {
    const auto train = [this](int accumulation, std::uint64_t batch, std::int64_t steps) {
        Sequential model({10});
        model.add<Dense>({.units = 4, .activation = "tanh"});
        model.add<Dense>({.units = 1});
        Config optimizer =
            Config::table({{"type", "sgd"}, {"learning_rate", 0.05}, {"global_clipnorm", 2.0}});
        if (accumulation > 1) optimizer.set("gradient_accumulation_steps", accumulation);
        Trainer trainer(*session, model, {.loss = "mse", .optimizer = optimizer, .seed = 1});
        trainer.fit(ToyRegression::data(120),
                    {.batch_size = batch, .epochs = 1, .steps_per_epoch = steps, .shuffle = false});
        return trainer.get_weights();
    };
    const auto accumulated = train(3, 20, 6), whole = train(1, 60, 2);
    for (std::size_t index = 0; index < whole.size(); ++index)
        EXPECT_NEAR(accumulated[index], whole[index], 1e-5F);
}

TEST_F(Fit, RefusesWhatDoesNotFit) {
    ToyRegression toy(*session);
    const auto glyphs = [&] { toy.trainer().fit(Toy::glyphs(20), {}); };
    EXPECT_THAT(glyphs, testing::ThrowsMessage<ShapeError>(testing::HasSubstr("[28, 28, 1]")));
    EXPECT_THROW(toy.trainer().fit(ToyRegression::data(10), {.batch_size = 0}), ConfigError);
    EXPECT_THROW(toy.trainer().set_weights(std::vector<float>(3)), ShapeError);
}

/// Allocations of the steps of one epoch, from its third batch on.
class AllocationsOfSteps final : public Callback {
public:
    void on_train_batch_end(std::int64_t batch, const Logs&) override {
        if (batch == 2) at_start_ = test::allocations_of_this_thread();
        if (batch > 2) of_steps = test::allocations_of_this_thread() - at_start_;
    }
    std::size_t of_steps = 0;

private:
    std::size_t at_start_ = 0;
};

TEST_F(Fit, AStepAllocatesNothing) {
    ToyRegression toy(*session);
    auto counter = std::make_shared<AllocationsOfSteps>();
    FitOptions options{.batch_size = 20, .epochs = 2};
    options.callbacks = {counter};
    toy.trainer().fit(ToyRegression::data(400), options);
    if (rank() == 0) {
        EXPECT_EQ(counter->of_steps, 0U);
    }
}

}  // namespace
}  // namespace lockstep
