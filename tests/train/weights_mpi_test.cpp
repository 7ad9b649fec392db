// Weights of classes and of samples, with Keras' meaning, on any number of ranks.
#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>

#include <lockstep/core/error.h>
#include <lockstep/data/array_source.h>

#include "mpi_test.h"
#include "toy.h"

namespace lockstep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr std::size_t kFeatures = 4, kClasses = 3;

/// Samples of three classes, in memory.
struct Samples {
    explicit Samples(std::size_t count, std::size_t first = 0) {
        for (std::size_t i = first; i < first + count; ++i) {
            for (std::size_t j = 0; j < kFeatures; ++j)
                x.push_back(static_cast<float>(std::sin(1.7 * static_cast<double>(i * kFeatures + j))));
            y.push_back(static_cast<float>((i * i + i / 3) % kClasses));
            w.push_back(static_cast<float>(0.25 * static_cast<double>(i % 7)));
        }
    }
    std::size_t size() const { return y.size(); }
    ConstMatrix inputs() const { return {x.data(), size(), kFeatures}; }
    ConstMatrix targets() const { return {y.data(), size(), 1}; }
    Dataset data() const {
        return Dataset(std::make_shared<ArraySource>(
            ArraySource::Options{.inputs = x, .targets = y, .input_shape = {kFeatures}}));
    }
    /// The samples that are not of a class.
    Samples without(float label) const {
        Samples rest(0);
        for (std::size_t i = 0; i < size(); ++i) {
            if (y[i] == label) continue;
            rest.x.insert(rest.x.end(), x.begin() + static_cast<std::ptrdiff_t>(i * kFeatures),
                          x.begin() + static_cast<std::ptrdiff_t>((i + 1) * kFeatures));
            rest.y.push_back(y[i]);
        }
        return rest;
    }
    std::vector<float> times(const std::vector<float>& class_weights) const {
        std::vector<float> products;
        for (std::size_t i = 0; i < size(); ++i)
            products.push_back(w[i] * class_weights[static_cast<std::size_t>(y[i])]);
        return products;
    }
    std::vector<float> x, y, w;
};

/// Softmax regression with weighted metrics.
struct Classifier {
    Classifier(Session& ranks, std::size_t shards = 0, double rate = 0.5) : model({kFeatures}) {
        model.add<Dense>({.units = kClasses, .activation = "softmax"});
        trainer = std::make_unique<Trainer>(
            ranks, model,
            TrainerOptions{
                .loss = "sparse_categorical_crossentropy",
                .metrics = {"accuracy"},
                .weighted_metrics = {"accuracy", "sparse_categorical_crossentropy"},
                .optimizer = Config::table({{"type", "sgd"}, {"learning_rate", rate}, {"momentum", 0.5}}),
                .seed = 2,
                .shards = shards});
    }
    Sequential model;
    std::unique_ptr<Trainer> trainer;
};

void expect_near(const std::vector<float>& actual, const std::vector<float>& expected) {
    for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(actual[i], expected[i], 1e-6F) << i;
}

using Weights = MpiTest;

TEST_F(Weights, KeysOfWeightedMetricsAreKeras) {
    Classifier toy(*session);
    const Samples samples(30);
    const History history = toy.trainer->fit(
        samples.data(), {.batch_size = 10, .epochs = 1, .validation_data = Samples(9, 100).data()});
    EXPECT_THAT(history.keys(), ElementsAre("loss", "accuracy", "weighted_accuracy",
                                            "sparse_categorical_crossentropy", "val_loss", "val_accuracy",
                                            "val_weighted_accuracy", "val_sparse_categorical_crossentropy"));
    EXPECT_EQ(history.at("weighted_accuracy"), history.at("accuracy"));  // without weights
    EXPECT_NEAR(history.at("val_sparse_categorical_crossentropy")[0], history.at("val_loss")[0], 1e-6);
}

// The gradient is that of the other samples, and the loss their sum, but all samples are counted.
TEST_F(Weights, AClassOfWeightZeroCountsAndTeachesNothing) {
    const Samples samples(29);
    const Samples others = samples.without(1.0F);
    const double part = static_cast<double>(others.size()) / static_cast<double>(samples.size());
    Classifier weighted(*session, 0, 0.5), alone(*session, 0, 0.5 * part);
    const Logs one =
        weighted.trainer->train_on_batch(samples.inputs(), samples.targets(), {.class_weight = {{1, 0.0}}});
    const Logs other = alone.trainer->train_on_batch(others.inputs(), others.targets());
    EXPECT_NEAR(one.at("loss"), other.at("loss") * part, 1e-6);
    EXPECT_NEAR(one.at("weighted_accuracy"), other.at("accuracy"), 1e-12);
    EXPECT_NEAR(one.at("sparse_categorical_crossentropy"), other.at("loss"), 1e-6);
    expect_near(weighted.trainer->get_weights(), alone.trainer->get_weights());
}

TEST_F(Weights, OfClassesAndSamplesAreMultiplied) {
    const Samples samples(53);
    Classifier both(*session), products(*session);
    const History one = both.trainer->fit(
        samples.data(),
        {.batch_size = 8, .epochs = 2, .class_weight = {{0, 2.0}, {2, 0.5}}, .sample_weight = samples.w});
    const History other = products.trainer->fit(
        samples.data(), {.batch_size = 8, .epochs = 2, .sample_weight = samples.times({2.0F, 1.0F, 0.5F})});
    EXPECT_EQ(both.trainer->get_weights(), products.trainer->get_weights());
    for (const std::string& key : one.keys()) EXPECT_EQ(one.at(key), other.at(key)) << key;
    Classifier plain(*session);
    plain.trainer->fit(samples.data(), {.batch_size = 8, .epochs = 2});
    EXPECT_NE(both.trainer->get_weights(), plain.trainer->get_weights());
}

TEST_F(Weights, OfARowAreThoseOfItsLabel) {
    const Samples samples(40);
    std::vector<float> rows(samples.size() * kClasses, 0.0F);
    for (std::size_t i = 0; i < samples.size(); ++i)
        rows[i * kClasses + static_cast<std::size_t>(samples.y[i])] = 1.0F;
    Sequential model({kFeatures});
    model.add<Dense>({.units = kClasses, .activation = "softmax"});
    Trainer trainer(*session, model,
                    {.loss = "categorical_crossentropy",
                     .optimizer = Config::table({{"type", "sgd"}, {"learning_rate", 0.5}, {"momentum", 0.5}}),
                     .seed = 2});
    Classifier labels(*session);
    const BatchWeights weights{.sample_weight = samples.w, .class_weight = {{0, 3.0}, {1, 0.0}}};
    trainer.train_on_batch(samples.inputs(), {rows.data(), samples.size(), kClasses}, weights);
    labels.trainer->train_on_batch(samples.inputs(), samples.targets(), weights);
    expect_near(trainer.get_weights(), labels.trainer->get_weights());
}

// loss = sum w l / N, weighted metrics = sum w m / sum w, in double precision from the predictions.
TEST_F(Weights, FiguresOfAnEvaluationAreTheDefinition) {
    const Samples samples(47);
    Classifier toy(*session);
    const Logs logs = toy.trainer->evaluate(samples.data(), {.batch_size = 10, .sample_weight = samples.w});
    const Logs batch = toy.trainer->test_on_batch(samples.inputs(), samples.targets(), samples.w);
    const Predictions predictions = toy.trainer->predict(samples.data());
    if (rank() != 0) return;
    double loss = 0.0, right = 0.0, weighted_right = 0.0, weight = 0.0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const auto row = predictions.matrix().row(i);
        const auto label = static_cast<std::size_t>(samples.y[i]);
        const bool is_right = std::ranges::max_element(row) - row.begin() == static_cast<long>(label);
        const double w = static_cast<double>(samples.w[i]);
        loss -= w * std::log(static_cast<double>(row[label]));
        right += is_right ? 1.0 : 0.0;
        weighted_right += is_right ? w : 0.0;
        weight += w;
    }
    const auto count = static_cast<double>(samples.size());
    for (const Logs& one : {logs, batch}) {
        EXPECT_NEAR(one.at("loss"), loss / count, 1e-6);
        EXPECT_NEAR(one.at("accuracy"), right / count, 1e-12);
        EXPECT_NEAR(one.at("weighted_accuracy"), weighted_right / weight, 1e-12);
        EXPECT_NEAR(one.at("sparse_categorical_crossentropy"), loss / weight, 1e-6);
    }
    EXPECT_NE(logs.at("accuracy"), logs.at("weighted_accuracy"));
}

TEST_F(Weights, OfClassesAreNotUsedInValidation) {
    const Samples samples(40), validation(25, 100);
    Classifier toy(*session);
    const History history =
        toy.trainer->fit(samples.data(), {.batch_size = 10,
                                          .epochs = 1,
                                          .class_weight = {{0, 5.0}, {1, 0.0}},
                                          .validation_data = validation.data().weighted(validation.w)});
    const Logs expected =
        toy.trainer->evaluate(validation.data(), {.batch_size = 10, .sample_weight = validation.w});
    for (const char* key : {"loss", "weighted_accuracy", "sparse_categorical_crossentropy"})
        EXPECT_EQ(history.at(std::string("val_") + key)[0], expected.at(key)) << key;
}

TEST_F(Weights, GoWithTheirSamplesIntoTheSplit) {
    const Samples samples(50);
    Classifier split(*session), parts(*session);
    const Dataset weighted = samples.data().weighted(samples.w);
    const History one = split.trainer->fit(
        samples.data(), {.batch_size = 10, .epochs = 2, .sample_weight = samples.w, .validation_split = 0.3});
    const History other = parts.trainer->fit(
        weighted.slice(0, 35), {.batch_size = 10, .epochs = 2, .validation_data = weighted.slice(35, 15)});
    for (const std::string& key : one.keys()) EXPECT_EQ(one.at(key), other.at(key)) << key;
}

TEST_F(Weights, GiveWhatOneProcessGives) {
    const auto train = [&](Session& ranks) {
        Classifier toy(ranks, shards());
        const Samples samples(61), validation(30, 100);
        FitOptions options{.batch_size = 16, .epochs = 3, .class_weight = {{0, 2.0}, {1, 0.0}}};
        options.sample_weight = samples.w;
        options.validation_data = validation.data().weighted(validation.w);
        const History history = toy.trainer->fit(samples.data(), options);
        return std::pair(toy.trainer->get_weights(), history);
    };
    const auto together = train(*session);
    Session one;
    const auto alone = train(one);
    if (size() == 3) return expect_near(together.first, alone.first);
    EXPECT_EQ(together.first, alone.first);
    for (const std::string& key : alone.second.keys())
        EXPECT_EQ(together.second.at(key), alone.second.at(key)) << key;
}

TEST_F(Weights, AreRefusedWhereTheyDoNotFit) {
    ToyRegression regression(*session);
    Classifier toy(*session);
    const Samples samples(10);
    EXPECT_THAT(
        [&] {
            regression.trainer().fit(ToyRegression::data(20), {.class_weight = {{0, 1.0}}});
        },
        ThrowsMessage<ConfigError>(HasSubstr("\"mean_squared_error\"")));
    EXPECT_THAT(
        [&] {
            toy.trainer->fit(samples.data(), {.class_weight = {{3, 1.0}}});
        },
        ThrowsMessage<ConfigError>(HasSubstr("classes from 0 to 2 in class_weight, got 3")));
    EXPECT_THAT(
        [&] {
            toy.trainer->fit(samples.data(), {.sample_weight = {1.0F, 2.0F}});
        },
        ThrowsMessage<ShapeError>(HasSubstr("expected 10 sample weights")));
    EXPECT_THAT([&] { toy.trainer->test_on_batch(samples.inputs(), samples.targets(), Samples(3).w); },
                ThrowsMessage<ShapeError>(HasSubstr("as many sample weights, got 3")));
}

}  // namespace
}  // namespace lockstep
