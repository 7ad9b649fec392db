// With `shards` set, weights and logs are the same bits on any number of ranks that divides it, and with
// either exchange.
#include <gmock/gmock.h>

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
    const std::size_t shards = size() == 3 ? 3 : 4;
    const Outcome together = train(*session, {.shards = shards, .exchange = exchange, .clips = clips});
    Session alone;
    const Outcome expected = train(alone, {.shards = shards, .clips = clips});
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
