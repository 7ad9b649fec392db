// The adaptive optimizers: Keras' defaults, slots, and what lies beyond the golden cases.
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/nn/optimizers/adadelta.h>
#include <lockstep/nn/optimizers/adagrad.h>
#include <lockstep/nn/optimizers/adamax.h>
#include <lockstep/nn/optimizers/adamw.h>
#include <lockstep/nn/optimizers/ftrl.h>
#include <lockstep/nn/optimizers/lion.h>
#include <lockstep/nn/optimizers/nadam.h>
#include <lockstep/nn/registry.h>

using namespace lockstep;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

/// One weight after one update, from `weight` with slots of zero.
float updated(const Optimizer& optimizer, float weight, float gradient, std::int64_t iteration = 0) {
    std::vector<float> slots(optimizer.slots().size(), 0.0F);
    std::vector<std::span<float>> spans;
    for (float& slot : slots) spans.emplace_back(&slot, 1);
    optimizer.update({.weights = {&weight, 1},
                      .gradient = {&gradient, 1},
                      .slots = spans,
                      .learning_rate = optimizer.learning_rate(),
                      .iteration = iteration});
    return weight;
}

TEST(AdaptiveOptimizer, DefaultsAreKeras) {
    for (const char* type : {"adadelta", "adagrad", "adamax", "adamw", "ftrl", "lion", "nadam"})
        EXPECT_EQ(make_optimizer(type)->learning_rate(), 0.001) << type;
    const Config lion = make_optimizer("lion")->config();
    EXPECT_EQ(lion.get<double>("beta_1"), 0.9);
    EXPECT_EQ(lion.get<double>("beta_2"), 0.99);
    EXPECT_EQ(make_optimizer("adadelta")->config().get<double>("rho"), 0.95);
    EXPECT_EQ(make_optimizer("adagrad")->config().get<double>("initial_accumulator_value"), 0.1);
    for (const char* type : {"adam", "adamw", "adamax", "nadam"}) {
        const Config config = make_optimizer(type)->config();
        EXPECT_EQ(config.get<double>("beta_1"), 0.9) << type;
        EXPECT_EQ(config.get<double>("beta_2"), 0.999) << type;
        EXPECT_EQ(config.get<double>("epsilon"), 1e-7) << type;
    }
}

TEST(AdaptiveOptimizer, SlotsAreNamed) {
    EXPECT_THAT(Adam({.amsgrad = true}).slots(), ElementsAre("momentum", "velocity", "velocity_hat"));
    EXPECT_THAT(AdamW({}).slots(), ElementsAre("momentum", "velocity"));
    EXPECT_THAT(Nadam({}).slots(), ElementsAre("momentum", "velocity"));
    EXPECT_THAT(Adamax({}).slots(), ElementsAre("momentum", "norm"));
    EXPECT_THAT(Adagrad({}).slots(), ElementsAre("accumulator"));
    EXPECT_THAT(Adadelta({}).slots(), ElementsAre("accumulated_grad", "accumulated_delta_var"));
    EXPECT_THAT(Ftrl({}).slots(), ElementsAre("accumulator", "linear"));
    EXPECT_THAT(Lion({}).slots(), ElementsAre("momentum"));
}

TEST(AdaptiveOptimizer, RejectsWhatMakesNoSense) {
    EXPECT_THROW(Nadam({.beta_1 = 1.0}), ConfigError);
    EXPECT_THROW(Adamax({.epsilon = 0.0}), ConfigError);
    EXPECT_THROW(Adagrad({.initial_accumulator_value = -0.1}), ConfigError);
    EXPECT_THROW(Adadelta({.rho = 1.0}), ConfigError);
    EXPECT_THROW(Lion({.beta_1 = 0.0}), ConfigError);
    EXPECT_THROW(Ftrl({.initial_accumulator_value = 0.0}), ConfigError);
    try {
        make_optimizer(Config::from_json(R"({"type": "ftrl", "beta": -1})"));
        FAIL();
    } catch (const ConfigError& error) {
        EXPECT_THAT(error.what(), HasSubstr("beta: expected a number of at least 0, got -1"));
    }
}

TEST(AdamW, DecaysByDefault) {
    EXPECT_EQ(make_optimizer("adamw")->options().weight_decay, 0.004);
    EXPECT_EQ(AdamW({.common = {.clipnorm = 1.0}}).options().weight_decay, 0.004);
    EXPECT_EQ(AdamW({.common = {.weight_decay = 0.0}}).options().weight_decay, 0.0);
    EXPECT_EQ(make_optimizer("adam")->options().weight_decay, std::nullopt);
    EXPECT_EQ(make_optimizer("adamw")->type(), "adamw");
    for (const TypeHelp::Key& key : optimizer_registry().help("adamw").keys) {
        if (key.name == "weight_decay") {
            EXPECT_EQ(key.fallback, "0.004");
        }
    }
}

TEST(Lion, MovesByTheRateAlongTheSign) {
    const Lion lion({.learning_rate = 0.25});
    EXPECT_EQ(updated(lion, 1.0F, 1e-30F), 0.75F);
    EXPECT_EQ(updated(lion, 1.0F, -3.0F), 1.25F);
    EXPECT_EQ(updated(lion, 1.0F, 0.0F), 1.0F);
    EXPECT_TRUE(std::isnan(updated(lion, 1.0F, std::numeric_limits<float>::quiet_NaN())));
}

/// The product of the momenta up to t, factor by factor, as Keras keeps it.
double weight_after_nadam(double beta_1, std::int64_t t, double rate, double gradient) {
    double product = 1.0;
    const auto u = [&](std::int64_t s) { return beta_1 * (1.0 - 0.5 * std::pow(0.96, s)); };
    for (std::int64_t s = 1; s <= t; ++s) product *= u(s);
    const double m = (1.0 - beta_1) * gradient, v = 0.001 * gradient * gradient;
    const double ahead =
        u(t + 1) * m / (1.0 - product * u(t + 1)) + (1.0 - u(t)) * gradient / (1.0 - product);
    const double root = std::sqrt(v / (1.0 - std::pow(0.999, static_cast<double>(t))));
    return 1.0 - rate * ahead / (root + 1e-7);
}

TEST(Nadam, KnowsTheProductOfItsMomentaFromTheIteration) {
    const double beta_1 = 0.9999;  // so that the product matters after many updates
    const Nadam nadam({.learning_rate = 0.01, .beta_1 = beta_1});
    for (const std::int64_t t : {1, 2, 10, 899, 900, 901, 3000})
        EXPECT_NEAR(static_cast<double>(updated(nadam, 1.0F, 0.5F, t - 1)),
                    weight_after_nadam(beta_1, t, 0.01, 0.5), 2e-6)
            << t;
}

TEST(Ftrl, StaysAtARateOfZero) {
    EXPECT_EQ(updated(Ftrl({.learning_rate = 0.0}), 1.0F, 0.5F), 1.0F);
}

TEST(Ftrl, SmallGradientsGiveWeightsOfZero) {
    const Ftrl ftrl({.learning_rate = 0.1, .l1_regularization_strength = 1.0});
    EXPECT_EQ(updated(ftrl, 0.0F, 0.9F), 0.0F);
    EXPECT_LT(updated(ftrl, 0.0F, 1.1F), 0.0F);
}

}  // namespace
