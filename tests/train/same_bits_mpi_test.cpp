// With `shards` set, weights and logs are the same bits on any number of ranks that divides it, and with
// either exchange.
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>

#include <lockstep/train/callback.h>

#include "mpi_test.h"
#include "toy.h"

namespace lockstep {
namespace {

struct Outcome {
    std::vector<float> weights;
    History history;
};

constexpr std::uint64_t kSamples = 599;  // the last batch has 99

Outcome train(Session& session, const ToyOptions& options) {
    Toy toy(session, options);
    FitOptions fit{.batch_size = 100, .epochs = 2};
    fit.validation_data = Toy::glyphs(150, 1);
    History history = toy.trainer().fit(Toy::glyphs(kSamples), fit);
    return {toy.trainer().get_weights(), std::move(history)};
}

void expect_same(const Outcome& actual, const Outcome& expected) {
    EXPECT_EQ(actual.weights, expected.weights);
    ASSERT_EQ(actual.history.keys(), expected.history.keys());
    for (const std::string& key : expected.history.keys())
        EXPECT_EQ(actual.history.at(key), expected.history.at(key)) << key;
}

class SameBits : public MpiTest, public testing::WithParamInterface<std::tuple<ExchangeMode, bool>> {};

TEST_P(SameBits, AsOneRank) {
    const auto [exchange, clips] = GetParam();
    const Outcome together = train(*session, {.shards = shards(), .exchange = exchange, .clips = clips});
    Session alone;
    const Outcome expected = train(alone, {.shards = shards(), .clips = clips});
    if (size() != 3) return expect_same(together, expected);
    // Three shards are no power of two: a rank sums its own in another order than three ranks do.
    for (std::size_t index = 0; index < expected.weights.size(); ++index)
        EXPECT_NEAR(together.weights[index], expected.weights[index], 2e-4F) << index;
}

INSTANTIATE_TEST_SUITE_P(Exchanges, SameBits,
                         testing::Combine(testing::Values(ExchangeMode::node_shared,
                                                          ExchangeMode::private_copies),
                                          testing::Bool()));

using SameBitsOf = MpiTest;

/// Random changes and the order of blocks belong to the place in the pass, whoever reads it.
TEST_F(SameBitsOf, AugmentedAndBlockShuffledData) {
    if (size() == 3) return;  // does not divide 4
    const auto run = [](Session& ranks) {
        Toy toy(ranks);
        FitOptions fit{.batch_size = 100, .epochs = 2, .shuffle = BlockShuffle{.block = 16, .window = 8}};
        fit.augmentation = {
            Config::table({{"type", "random_translation"}, {"height_factor", 0.1}, {"width_factor", 0.1}}),
            Config::table({{"type", "random_rotation"}, {"factor", 0.02}}),
            Config::table({{"type", "gaussian_noise"}, {"stddev", 0.1}})};
        toy.trainer().fit(Toy::glyphs(kSamples), fit);
        return toy.trainer().get_weights();
    };
    Session alone;
    const auto together = run(*session), expected = run(alone);
    EXPECT_EQ(together, expected);
}

using Augmented = MpiTest;

TEST_F(Augmented, OnlyTrainingSamplesAre) {
    Toy toy(*session, {.shards = 0});
    FitOptions fit{.batch_size = 50, .validation_data = Toy::glyphs(150, 1)};
    fit.augmentation = {Config::table({{"type", "gaussian_noise"}, {"stddev", 1000.0}})};
    const History history = toy.trainer().fit(Toy::glyphs(100), fit);
    EXPECT_EQ(history.at("val_loss").back(),
              toy.trainer().evaluate(Toy::glyphs(150, 1), {.batch_size = 50}).at("loss"));
    EXPECT_GT(history.at("loss").back(), 100.0) << "the training samples were noise";
}

TEST_F(Augmented, TheModelTakesWhatAugmentationMakes) {
    Toy toy(*session, {.shards = 0});
    FitOptions fit{.batch_size = 50};
    fit.augmentation = {Config::table({{"type", "random_crop"}, {"height", 24}, {"width", 24}})};
    EXPECT_THAT([&] { toy.trainer().fit(Toy::glyphs(100), fit); },
                testing::ThrowsMessage<ShapeError>(
                    testing::HasSubstr("[24, 24, 1] after augmentation, the model takes [28, 28, 1]")));
}

using Sharding = MpiTest;

TEST_F(Sharding, RefusesRanksThatDoNotDivideTheShards) {
    const auto make = [this] { Toy toy(*session, {.shards = 8}); };
    if (size() == 3)
        EXPECT_THAT(make, testing::ThrowsMessage<ConfigError>(
                              testing::HasSubstr("numbers of ranks that can: 1, 2, 4, 8")));
    else
        EXPECT_NO_THROW(make());
}

TEST_F(Sharding, MoreRanksThanSamplesTrainAsOneRankDoes) {
    const auto run = [](Session& ranks) {
        ToyRegression toy(ranks, 4);
        toy.trainer().fit(ToyRegression::data(7), {.batch_size = 2, .epochs = 3});
        return toy.trainer().get_weights();
    };
    if (size() == 3) return;  // does not divide 4
    Session alone;
    const auto together = run(*session), expected = run(alone);
    EXPECT_EQ(together, expected);
}

/// Layers made of layers, with random numbers and statistics of shards inside.
const char* const kComposites = R"({"input": [10], "layers": [
    {"type": "residual", "activation": "tanh", "layers": [
        {"type": "dense", "units": 8}, "batch_normalization", {"type": "dropout", "rate": 0.3}],
     "shortcut": [{"type": "dense", "units": 8}, {"type": "dropout", "rate": 0.3}]},
    {"type": "concatenate", "branches": [[{"type": "dropout", "rate": 0.5}],
        [{"type": "residual", "layers": [{"type": "gaussian_noise", "stddev": 0.2}, "batch_normalization"]}]]},
    {"type": "dense", "units": 1}]})";

TEST_F(Sharding, LayersMadeOfLayersTrainAsOneRankDoes) {
    const auto run = [](Session& ranks) {
        Sequential model = Sequential::from_config(Config::from_json(kComposites));
        Trainer trainer(ranks, model,
                        {.loss = "mean_squared_error", .optimizer = "adam", .seed = 5, .shards = 4});
        trainer.fit(ToyRegression::data(101), {.batch_size = 40, .epochs = 3});
        return trainer.get_weights();
    };
    if (size() == 3) return;  // does not divide 4
    Session alone;
    const auto together = run(*session), expected = run(alone);
    EXPECT_EQ(together, expected);
}

/// Models with statistics of the whole batch, over all ranks: between layers, within layers made of layers,
/// and within those within others. NORM is such a batch normalization.
const std::vector<std::string> kBatchStatistics{
    R"({"type": "dense", "units": 8, "activation": "tanh"}, NORM)",
    R"({"type": "residual", "activation": "tanh", "layers": [{"type": "dense", "units": 8}, NORM],
        "shortcut": [{"type": "dense", "units": 8}, NORM]})",
    R"({"type": "concatenate", "branches": [[{"type": "dense", "units": 4}, NORM, "tanh"], [NORM], []]})",
    R"({"type": "residual", "layers": [NORM, {"type": "residual", "layers": [
        {"type": "dense", "units": 10}, NORM, "tanh", {"type": "dropout", "rate": 0.2}]}]})"};

Sequential model_with_batch_statistics(std::string layers) {
    for (auto at = layers.find("NORM"); at != std::string::npos; at = layers.find("NORM"))
        layers.replace(at, 4, R"({"type": "batch_normalization", "momentum": 0.9, "sync": true})");
    return Sequential::from_config(Config::from_json(R"({"input": [10], "layers": [)" + layers +
                                                     R"(, {"type": "dense", "units": 1}]})"));
}

/// The last batch has one sample, so that ranks have none.
std::vector<float> train_with_batch_statistics(Session& ranks, const std::string& layers,
                                               std::size_t shards) {
    Sequential model = model_with_batch_statistics(layers);
    Trainer trainer(ranks, model,
                    {.loss = "mean_squared_error",
                     .optimizer = Config::table({{"type", "sgd"}, {"learning_rate", 0.01}}),
                     .seed = 5,
                     .shards = shards});
    trainer.fit(ToyRegression::data(81), {.batch_size = 20, .epochs = 3});
    return trainer.get_weights();
}

TEST_F(Sharding, StatisticsOfTheBatchAreThoseOfOneRank) {
    Session alone;
    for (const std::string& layers : kBatchStatistics) {
        SCOPED_TRACE(layers);
        const auto together = train_with_batch_statistics(*session, layers, 0),
                   expected = train_with_batch_statistics(alone, layers, 0);
        for (std::size_t index = 0; index < expected.size(); ++index)
            EXPECT_NEAR(together[index], expected[index], 1e-4F) << index;
        if (size() == 3) continue;  // does not divide 4
        EXPECT_EQ(train_with_batch_statistics(*session, layers, 4),
                  train_with_batch_statistics(alone, layers, 4));
    }
}

/// A step that rank 0 takes back after some ranks are in their backward pass.
TEST_F(Sharding, StatisticsOfTheBatchBearDroppedSteps) {
    class Restarter final : public Callback {
    public:
        void on_train_batch_begin(std::int64_t batch, const Logs& /*logs*/) override {
            if (batch % 2 == 1 && !std::exchange(changed_, true)) run().set_weights(run().get_weights());
        }
        void on_train_batch_end(std::int64_t /*batch*/, const Logs& /*logs*/) override { changed_ = false; }

    private:
        bool changed_ = false;
    };
    const auto train = [&](const std::string& layers, bool drops) {
        Sequential model = model_with_batch_statistics(layers);
        Trainer trainer(*session, model, {.loss = "mse", .optimizer = "sgd", .seed = 5});
        FitOptions fit{.batch_size = 20, .epochs = 5};
        if (drops) fit.callbacks = {std::make_shared<Restarter>()};
        trainer.fit(ToyRegression::data(200), fit);
        return trainer.get_weights();
    };
    for (const std::string& layers : kBatchStatistics) EXPECT_EQ(train(layers, true), train(layers, false));
}

TEST_F(Sharding, WithoutShardsOneRankAndManyAgreeToRounding) {
    const auto run = [](Session& ranks) {
        ToyRegression toy(ranks);
        toy.trainer().fit(ToyRegression::data(101), {.batch_size = 20, .epochs = 3});
        return toy.trainer().get_weights();
    };
    Session alone;
    const auto together = run(*session), expected = run(alone);
    for (std::size_t index = 0; index < expected.size(); ++index)
        EXPECT_NEAR(together[index], expected[index], 1e-4F);
}

}  // namespace
}  // namespace lockstep
