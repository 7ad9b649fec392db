// LAMB and LARS: norms of whole weights, though ranks own pieces of them, and the same bits on any number of
// ranks.
#include <algorithm>
#include <cmath>
#include <functional>

#include <gmock/gmock.h>

#include <lockstep/train/callback.h>

#include "mpi_test.h"
#include "toy.h"

namespace lockstep {
namespace {

constexpr std::size_t kUnits = 24;  // 28 x 28 x 24 weights: five blocks, the last one not full

struct LayerRateCase {
    std::string optimizer;  // JSON
    ExchangeMode exchange;
};

void PrintTo(const LayerRateCase& one, std::ostream* out) {
    *out << one.optimizer << (one.exchange == ExchangeMode::node_shared ? " shared" : " private");
}

struct Network {
    Network(Session& session, const LayerRateCase& how, std::size_t shards) : model({28, 28, 1}) {
        model.add<Flatten>();
        model.add<Dense>({.units = kUnits, .activation = "relu"});
        model.add<Dense>({.units = 10, .activation = "softmax"});
        trainer = std::make_unique<Trainer>(session, model,
                                            TrainerOptions{.loss = "sparse_categorical_crossentropy",
                                                           .metrics = {"accuracy"},
                                                           .optimizer = Config::from_json(how.optimizer),
                                                           .seed = 4,
                                                           .shards = shards,
                                                           .exchange = how.exchange});
    }
    Sequential model;
    std::unique_ptr<Trainer> trainer;
};

class LayerRates : public MpiTest, public testing::WithParamInterface<LayerRateCase> {};

TEST_P(LayerRates, AreTheSameBitsOnAnyRanks) {
    const auto train = [&](Session& ranks, const LayerRateCase& how) {
        Network network(ranks, how, shards());
        network.trainer->fit(Toy::glyphs(230), {.batch_size = 50, .epochs = 2});
        return network.trainer->get_weights();
    };
    const auto together = train(*session, GetParam());
    Session one;
    const auto alone = train(one, {GetParam().optimizer, ExchangeMode::automatic});
    if (size() != 3) {
        EXPECT_EQ(together, alone);
        return;
    }
    for (std::size_t i = 0; i < alone.size(); ++i) EXPECT_NEAR(together[i], alone[i], 2e-4F) << i;
}

double norm(const std::vector<double>& values) {
    double square = 0.0;
    for (const double value : values) square += value * value;
    return std::sqrt(square);
}

/// Compares each step of training with that of a formula.
class StepChecker final : public Callback {
public:
    /// Given a whole weight before the step, its gradient and its two slots, makes it the weight afterwards.
    using Step = std::function<void(std::vector<double>& weight, const std::vector<double>& gradient,
                                    std::vector<double>& first, std::vector<double>& second, double t)>;
    StepChecker(Step step, bool clips) : step_(std::move(step)), clips_(clips) {}

    Needs needs() const override { return {.gradient_norms = true, .gradients = true}; }

    void on_train_batch_begin(std::int64_t, const Logs&) override { before_ = run().get_weights(); }

    void on_train_batch_end(std::int64_t, const Logs&) override {
        const auto& parameters = run().model().parameters().parameters;
        first_.resize(parameters.size());
        second_.resize(parameters.size());
        for (std::size_t index = 0; index < parameters.size(); ++index) check(index, parameters[index]);
        ++steps;
    }

    double steps = 0;

private:
    static std::vector<double> part(std::span<const float> store, const Parameter& parameter) {
        const auto values = store.subspan(parameter.offset, parameter.size);
        return {values.begin(), values.end()};
    }

    void check(std::size_t index, const Parameter& parameter) {
        first_[index].resize(parameter.size);
        second_[index].resize(parameter.size);
        std::vector<double> weight = part(before_, parameter);
        const std::vector<double> gradient = part(run().gradients(), parameter),
                                  actual = part(run().weights(), parameter);
        step_(weight, gradient, first_[index], second_[index], steps + 1.0);
        for (std::size_t i = 0; i < weight.size(); ++i)
            ASSERT_NEAR(actual[i], weight[i], 2e-6) << parameter.path() << " " << i;
        if (!clips_) {
            EXPECT_NEAR(run().gradient_norms().weights[index] / norm(gradient), 1.0, 1e-6)
                << "the gradient's norm, not the direction's";
        }
    }

    Step step_;
    bool clips_;
    std::vector<float> before_;
    std::vector<std::vector<double>> first_, second_;
};

void lamb_step(std::vector<double>& w, const std::vector<double>& g, std::vector<double>& m,
               std::vector<double>& v, double t) {
    std::vector<double> d(w.size());
    for (std::size_t i = 0; i < w.size(); ++i) {
        w[i] *= 1.0 - 0.02 * 0.1;  // weight_decay
        m[i] += (g[i] - m[i]) * (1.0 - 0.9);
        v[i] += (g[i] * g[i] - v[i]) * (1.0 - 0.999);
        d[i] = m[i] / (1.0 - std::pow(0.9, t)) / (std::sqrt(v[i] / (1.0 - std::pow(0.999, t))) + 1e-4);
    }
    const double ratio = norm(w) > 0.0 && norm(d) > 0.0 ? norm(w) / norm(d) : 1.0;
    for (std::size_t i = 0; i < w.size(); ++i) w[i] -= 0.02 * ratio * d[i];
}

void lars_step(std::vector<double>& w, const std::vector<double>& g, std::vector<double>& v,
               std::vector<double>& /*unused*/, double /*t*/) {
    const double trust =
        norm(w) > 0.0 && norm(g) > 0.0 ? 0.01 * norm(w) / (norm(g) + 0.1 * norm(w) + 1e-3) : 1.0;
    for (std::size_t i = 0; i < w.size(); ++i) {
        v[i] = 0.8 * v[i] - 0.5 * trust * (g[i] + 0.1 * w[i]);
        w[i] += v[i];
    }
}

constexpr const char* kLamb =
    R"({"type": "lamb", "learning_rate": 0.02, "weight_decay": 0.1, "epsilon": 1e-4})";
constexpr const char* kLars = R"({"type": "lars", "learning_rate": 0.5, "momentum": 0.8, "weight_decay": 0.1,
                                  "trust_coefficient": 0.01, "epsilon": 1e-3})";
constexpr const char* kClippedLars =
    R"({"type": "lars", "learning_rate": 0.5, "momentum": 0.8, "weight_decay": 0.1,
        "trust_coefficient": 0.01, "epsilon": 1e-3, "global_clipnorm": 0.1})";

TEST_P(LayerRates, AreTheFormula) {
    Network network(*session, GetParam(), shards());
    auto checker = std::make_shared<StepChecker>(GetParam().optimizer == kLamb ? lamb_step : lars_step,
                                                 GetParam().optimizer == kClippedLars);
    network.trainer->fit(Toy::glyphs(230), {.batch_size = 50, .epochs = 2, .callbacks = {checker}});
    if (rank() == 0) {
        EXPECT_EQ(checker->steps, 10.0);
    }
}

INSTANTIATE_TEST_SUITE_P(All, LayerRates,
                         testing::Values(LayerRateCase{kLamb, ExchangeMode::node_shared},
                                         LayerRateCase{kLamb, ExchangeMode::private_copies},
                                         LayerRateCase{kLars, ExchangeMode::node_shared},
                                         LayerRateCase{kLars, ExchangeMode::private_copies},
                                         LayerRateCase{kClippedLars, ExchangeMode::node_shared},
                                         LayerRateCase{kClippedLars, ExchangeMode::private_copies}));

using AccumulatedLayerRates = MpiTest;

TEST_F(AccumulatedLayerRates, AreThoseOfOneLargeBatch) {
    const auto train = [this](const char* optimizer, std::uint64_t batch) {
        Network network(*session, {optimizer, ExchangeMode::automatic}, 0);
        network.trainer->fit(Toy::glyphs(120), {.batch_size = batch, .epochs = 2, .shuffle = false});
        return network.trainer->get_weights();
    };
    const auto whole = train(R"({"type": "lamb", "epsilon": 1e-3})", 60),
               accumulated =
                   train(R"({"type": "lamb", "epsilon": 1e-3, "gradient_accumulation_steps": 3})", 20);
    for (std::size_t i = 0; i < whole.size(); ++i) EXPECT_NEAR(accumulated[i], whole[i], 1e-5F) << i;
}

}  // namespace
}  // namespace lockstep
