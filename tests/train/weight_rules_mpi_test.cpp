// What else changes weights besides the optimizer: weight decay, regularizers, constraints, running averages.
#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include <gmock/gmock.h>

#include <lockstep/nn/layers/batch_normalization.h>
#include <lockstep/nn/registry.h>

#include "mpi_test.h"
#include "toy.h"

namespace lockstep {
namespace {

constexpr std::size_t kRows = 48, kFeatures = 10;
constexpr std::size_t kParts = 4;
constexpr double kRate = 0.05;

Config sgd(const std::vector<std::pair<std::string, Config>>& more = {}) {
    Config optimizer = Config::table({{"type", "sgd"}, {"learning_rate", kRate}});
    for (const auto& [key, value] : more) optimizer.set(key, value);
    return optimizer;
}

struct Outcome {
    std::vector<float> before, after;
    Logs logs;
};

/// Updates of a model on the same batch.
class WeightRules : public MpiTest {
protected:
    using Build = std::function<void(Sequential&)>;

    Outcome train(Session& ranks, const Build& build, const Config& optimizer, int updates = 1,
                  ExchangeMode exchange = ExchangeMode::automatic) {
        Sequential model({kFeatures});
        build(model);
        Trainer trainer(ranks, model,
                        {.loss = "mse",
                         .optimizer = optimizer,
                         .seed = 5,
                         .shards = trainer_shards(),
                         .exchange = exchange});
        layout_ = model.parameters();
        Outcome outcome{.before = trainer.get_weights(), .after = {}, .logs = {}};
        for (int update = 0; update < updates; ++update)
            outcome.logs = trainer.train_on_batch(inputs(), {targets_.data(), kRows, 1});
        outcome.after = trainer.get_weights();
        return outcome;
    }
    Outcome train(const Build& build, const Config& optimizer, int updates = 1) {
        return train(*session, build, optimizer, updates);
    }

    void SetUp() override {
        std::vector<std::uint64_t> indices(kRows);
        std::iota(indices.begin(), indices.end(), 0U);
        ToyRegression::data(kRows).read(indices, {.inputs = {inputs_.data(), kRows, kFeatures},
                                                  .targets = {targets_.data(), kRows, 1},
                                                  .weights = {}});
    }

    /// A multiple of the ranks; a batch has four shards of them.
    std::size_t trainer_shards() const { return size() == 3 ? 6 : kParts; }
    ConstMatrix inputs() const { return {inputs_.data(), kRows, kFeatures}; }
    /// A weight of the model that was trained last.
    std::span<const float> weight(const std::vector<float>& store, const std::string& path) const {
        const auto found = std::ranges::find(layout_.parameters, path, &Parameter::path);
        return std::span(store).subspan(found->offset, found->size);
    }

private:
    std::vector<float> inputs_ = std::vector<float>(kRows * kFeatures), targets_ = std::vector<float>(kRows);
    ParameterLayout layout_;
};

void two_layers(Sequential& model, const WeightOptions& kernel) {
    model.add<Dense>({.units = 700, .activation = "tanh", .kernel = kernel});
    model.add<Dense>({.units = 1});
}

TEST_F(WeightRules, DecayPullsWeightsToZeroBeforeTheUpdate) {
    const auto build = [](Sequential& model) { two_layers(model, {.initializer = "glorot_uniform"}); };
    const Outcome plain = train(build, sgd()), decayed = train(build, sgd({{"weight_decay", 0.1}}));
    EXPECT_NE(plain.after, plain.before);
    for (std::size_t i = 0; i < plain.after.size(); ++i)
        EXPECT_NEAR(decayed.after[i], plain.after[i] - kRate * 0.1 * plain.before[i], 1e-6);
}

TEST_F(WeightRules, RegularizersAddToLossAndGradient) {
    const auto with = [](const Config& regularizer) {
        return [regularizer](Sequential& model) {
            two_layers(model, {.initializer = "glorot_uniform", .regularizer = regularizer});
        };
    };
    const Outcome plain = train(with({}), sgd());
    const Outcome regular = train(with(Config::table({{"type", "l1_l2"}, {"l1", 0.02}, {"l2", 0.3}})), sgd());
    const auto start = weight(plain.before, "dense/kernel");
    double penalty = 0.0;
    for (const double w : start) penalty += 0.02 * std::abs(w) + 0.3 * w * w;
    EXPECT_NEAR(regular.logs.at("loss"), plain.logs.at("loss") + penalty, 1e-9 * regular.logs.at("loss"));
    const auto updated = weight(regular.after, "dense/kernel"),
               expected = weight(plain.after, "dense/kernel");
    for (std::size_t i = 0; i < start.size(); ++i) {
        const double slope = 0.02 * (start[i] > 0.0F ? 1.0 : -1.0) + 0.6 * start[i];
        EXPECT_NEAR(updated[i], expected[i] - kRate * slope, 1e-6);
    }
    EXPECT_TRUE(
        std::ranges::equal(weight(regular.after, "dense_1/kernel"), weight(plain.after, "dense_1/kernel")));
}

TEST_F(WeightRules, ARegularizersGradientIsClippedWithTheRest) {
    const auto build = [](Sequential& model) {
        two_layers(model, {.initializer = "glorot_uniform",
                           .regularizer = Config::table({{"type", "l2"}, {"l2", 50.0}})});
    };
    const Outcome clipped = train(build, sgd({{"global_clipnorm", 0.5}}));
    double square = 0.0;
    for (std::size_t i = 0; i < clipped.after.size(); ++i)
        square += std::pow(double{clipped.after[i]} - clipped.before[i], 2);
    EXPECT_NEAR(std::sqrt(square), kRate * 0.5, 1e-6);
}

TEST_F(WeightRules, EvaluationCountsThePenaltyToo) {
    Sequential model({kFeatures});
    two_layers(model, {.initializer = "ones", .regularizer = "l2"});
    Trainer trainer(*session, model, {.loss = "mse", .optimizer = sgd(), .shards = trainer_shards()});
    Sequential bare({kFeatures});
    two_layers(bare, {.initializer = "ones"});
    Trainer without(*session, bare, {.loss = "mse", .optimizer = sgd(), .shards = trainer_shards()});
    const Dataset data = ToyRegression::data(101);
    const double difference = trainer.evaluate(data, {.batch_size = 20}).at("loss") -
                              without.evaluate(data, {.batch_size = 20}).at("loss");
    EXPECT_NEAR(difference, 0.01 * kFeatures * 700, 1e-6 * difference);
}

TEST_F(WeightRules, MaxNormHoldsWhatGoesIntoAUnit) {
    const auto build = [](Sequential& model) {
        two_layers(model, {.initializer = "glorot_uniform",
                           .constraint = Config::table({{"type", "max_norm"}, {"max_value", 0.15}})});
    };
    const Outcome outcome = train(build, sgd());
    const auto kernel = weight(outcome.after, "dense/kernel");
    std::size_t held = 0;
    for (std::size_t unit = 0; unit < 700; ++unit) {
        double square = 0.0;
        for (std::size_t input = 0; input < kFeatures; ++input)
            square += std::pow(double{kernel[input * 700 + unit]}, 2);
        EXPECT_LE(std::sqrt(square), 0.15 + 1e-6) << unit;
        held += std::sqrt(square) > 0.149 ? 1U : 0U;
    }
    EXPECT_GT(held, 350U);  // by far most norms were larger
}

TEST_F(WeightRules, NonNegHoldsElements) {
    const auto build = [](Sequential& model) {
        two_layers(model, {.initializer = "glorot_uniform", .constraint = "non_neg"});
    };
    const Outcome outcome = train(build, sgd());
    EXPECT_LT(std::ranges::min(weight(outcome.before, "dense/kernel")), 0.0F);
    EXPECT_EQ(std::ranges::min(weight(outcome.after, "dense/kernel")), 0.0F);
    EXPECT_GT(std::ranges::max(weight(outcome.after, "dense/kernel")), 0.0F);
}

/// By the definition: the mean over the batch, and the mean of the shards' variances by rows, each n / (n -
/// 1).
TEST_F(WeightRules, RunningAveragesFollowTheShardsStatistics) {
    const auto build = [](Sequential& model) {
        model.add<BatchNormalization>({.momentum = 0.7});
        model.add<Dense>({.units = 1});
    };
    const Outcome outcome = train(build, sgd());
    const auto mean = weight(outcome.after, "batch_normalization/moving_mean");
    const auto variance = weight(outcome.after, "batch_normalization/moving_variance");
    for (std::size_t feature = 0; feature < kFeatures; ++feature) {
        double batch_mean = 0.0, batch_variance = 0.0;
        for (std::size_t shard = 0; shard < kParts; ++shard) {
            const std::size_t first = shard * kRows / kParts, end = (shard + 1) * kRows / kParts;
            const auto rows = static_cast<double>(end - first);
            double sum = 0.0, squares = 0.0;
            for (std::size_t row = first; row < end; ++row) sum += inputs().row(row)[feature];
            for (std::size_t row = first; row < end; ++row)
                squares += std::pow(inputs().row(row)[feature] - sum / rows, 2);
            batch_mean += sum / kRows;
            batch_variance += squares / (rows - 1.0) * rows / kRows;
        }
        EXPECT_NEAR(mean[feature], 0.3 * batch_mean, 1e-6);
        EXPECT_NEAR(variance[feature], 0.7 + 0.3 * batch_variance, 1e-6);
    }
}

TEST_F(WeightRules, RunningAveragesIgnoreClippingAndDecay) {
    const auto build = [](Sequential& model) {
        model.add<BatchNormalization>({});
        model.add<Dense>({.units = 1});
    };
    const Outcome plain = train(build, sgd());
    for (const auto& [key, value] : std::vector<std::pair<std::string, Config>>{
             {"clipvalue", 1e-6}, {"global_clipnorm", 1e-6}, {"clipnorm", 1e-6}, {"weight_decay", 0.5}}) {
        const Outcome other = train(build, sgd({{key, value}}));
        for (const char* path : {"batch_normalization/moving_mean", "batch_normalization/moving_variance"})
            EXPECT_TRUE(std::ranges::equal(weight(other.after, path), weight(plain.after, path)))
                << key << path;
    }
}

TEST_F(WeightRules, SameBitsAsOneRank) {
    const auto build = [](Sequential& model) {
        model.add<BatchNormalization>({});
        two_layers(model,
                   {.initializer = "glorot_uniform", .regularizer = "l1_l2", .constraint = "max_norm"});
    };
    const Config optimizer = sgd({{"momentum", 0.9}, {"clipnorm", 1.0}, {"weight_decay", 0.01}});
    Session alone;
    const Outcome expected = train(alone, build, optimizer, 5);
    for (const ExchangeMode exchange : {ExchangeMode::node_shared, ExchangeMode::private_copies}) {
        const Outcome actual = train(*session, build, optimizer, 5, exchange);
        EXPECT_EQ(actual.after, expected.after);
        EXPECT_EQ(actual.logs.at("loss"), expected.logs.at("loss"));
    }
}

TEST_F(WeightRules, ShardStatisticsOnSeveralRanksNeedShards) {
    const auto make = [this] {
        Sequential model({kFeatures});
        model.add<BatchNormalization>({});
        model.add<Dense>({.units = 1});
        const Trainer trainer(*session, model, {.loss = "mse", .optimizer = sgd()});
    };
    if (size() == 1)
        EXPECT_NO_THROW(make());
    else
        EXPECT_THAT(make, testing::ThrowsMessage<ConfigError>(testing::HasSubstr("shards")));
}

}  // namespace
}  // namespace lockstep
