// Loss and metrics over ranks with uneven shards are those of one process over all samples.
#include <algorithm>
#include <cmath>

#include <lockstep/data/array_source.h>

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

/// What an evaluation of a model says whose outputs are activation(its inputs), on random data.
Logs evaluate_identity(Session& ranks, std::size_t inputs, const Dense::Options& dense, const char* loss,
                       const std::vector<Config>& metrics, std::uint64_t batch_size) {
    constexpr std::size_t kSamples = 1003;
    const RandomStream random(11, Purpose::synthetic_data, 0);
    std::vector<float> values(kSamples * inputs), labels(kSamples);
    random.normal(0, 0, values);
    random.uniform(1, 0, labels);
    const auto classes = static_cast<float>(std::max<std::size_t>(dense.units, 2));
    for (float& label : labels) label = std::floor(label * classes);
    const Dataset data(std::make_shared<ArraySource>(
        ArraySource::Options{.inputs = values, .targets = labels, .input_shape = {inputs}}));
    Sequential model({inputs});
    model.add<Dense>(dense);
    Trainer trainer(ranks, model, {.loss = loss, .metrics = metrics});
    return trainer.evaluate(data, {.batch_size = batch_size});
}

TEST_F(Metrics, OfStatesThatAreMergedAreThoseOfOneProcess) {
    const auto evaluate = [](Session& ranks, std::uint64_t batch_size) {
        const std::vector<Config> metrics{
            "auc",       Config::table({{"type", "auc"}, {"curve", "PR"}, {"name", "pr"}}),
            "precision", "recall",
            "r2_score",  "rmse"};
        return evaluate_identity(ranks, 2,
                                 {.units = 1, .activation = "sigmoid", .kernel = {.initializer = "identity"}},
                                 "binary_crossentropy", metrics, batch_size);
    };
    Session one;
    const Logs actual = evaluate(*session, 97), expected = evaluate(one, 1003);
    for (const std::string& key : expected.keys()) EXPECT_NEAR(actual.at(key), expected.at(key), 1e-9) << key;
    EXPECT_NEAR(expected.at("auc"), 0.5, 0.06);  // of labels that have nothing to do with the outputs
}

TEST_F(Metrics, OfTheBestClassesAreThoseOfOneProcess) {
    const auto evaluate = [](Session& ranks, std::uint64_t batch_size) {
        const std::vector<Config> metrics{
            "accuracy",
            Config::table({{"type", "sparse_top_k_categorical_accuracy"}, {"k", 3}, {"name", "top3"}})};
        return evaluate_identity(
            ranks, 10, {.units = 10, .activation = "softmax", .kernel = {.initializer = "identity"}},
            "sparse_categorical_crossentropy", metrics, batch_size);
    };
    Session one;
    const Logs actual = evaluate(*session, 97), expected = evaluate(one, 1003);
    for (const char* key : {"accuracy", "top3"}) EXPECT_NEAR(actual.at(key), expected.at(key), 1e-9) << key;
    EXPECT_NEAR(expected.at("top3"), 0.3, 0.05);
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
