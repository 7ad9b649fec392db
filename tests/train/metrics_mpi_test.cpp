// Loss and metrics over ranks with uneven shards are those of one process over all samples.
#include "mpi_test.h"
#include "toy.h"

namespace lockstep {
namespace {

using Metrics = MpiTest;

TEST_F(Metrics, OfAnEvaluationAreThoseOfOneProcess) {
    constexpr std::uint64_t kSamples = 1003;  // uneven for every number of ranks
    Toy together(*session, {.shards = 0});
    Session one;
    Toy alone(one, {.shards = 0});
    const auto weights = together.trainer().get_weights();
    alone.trainer().set_weights(weights);
    const Logs actual = together.trainer().evaluate(Toy::glyphs(kSamples), {.batch_size = 97});
    const Logs expected = alone.trainer().evaluate(Toy::glyphs(kSamples), {.batch_size = kSamples});
    ASSERT_EQ(actual.keys(), (std::vector<std::string>{"loss", "accuracy"}));
    EXPECT_NEAR(actual.at("loss"), expected.at("loss"), 1e-6);
    EXPECT_DOUBLE_EQ(actual.at("accuracy"), expected.at("accuracy"));
}

TEST_F(Metrics, OfAnEpochCountEverySampleOnce) {
    // Without learning, the epoch's loss is the loss over all samples with the initial weights; dropout is
    // off.
    constexpr std::uint64_t kSamples = 211;
    const auto make = [](Session& ranks, Sequential& model) {
        return std::make_unique<Trainer>(
            ranks, model,
            TrainerOptions{.loss = "mse",
                           .metrics = {"mae"},
                           .optimizer = Config::table({{"type", "sgd"}, {"learning_rate", 0.0}})});
    };
    Session one;
    Sequential model({10}), same({10});
    model.add<Dense>({.units = 1});
    same.add<Dense>({.units = 1});
    const auto together = make(*session, model);
    const auto alone = make(one, same);
    const History history = together->fit(ToyRegression::data(kSamples), {.batch_size = 32, .epochs = 1});
    const Logs expected = alone->evaluate(ToyRegression::data(kSamples), {.batch_size = kSamples});
    EXPECT_NEAR(history.at("loss").front() / expected.at("loss"), 1.0, 1e-6);
    EXPECT_NEAR(history.at("mae").front() / expected.at("mae"), 1.0, 1e-6);
}

TEST_F(Metrics, PredictionsComeInTheOrderOfTheData) {
    ToyRegression together(*session);
    Session one;
    ToyRegression alone(one);
    const Predictions actual = together.trainer().predict(ToyRegression::data(53), {.batch_size = 10});
    const Predictions expected = alone.trainer().predict(ToyRegression::data(53), {.batch_size = 53});
    if (rank() != 0) {
        EXPECT_EQ(actual.samples, 0U);
        return;
    }
    ASSERT_EQ(actual.samples, 53U);
    ASSERT_EQ(actual.outputs, 1U);
    for (std::size_t row = 0; row < 53; ++row)
        EXPECT_NEAR(actual.values[row], expected.values[row], 1e-5F) << "row " << row;
}

}  // namespace
}  // namespace lockstep
