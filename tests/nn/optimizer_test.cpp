#include <cmath>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/nn/optimizers/adam.h>
#include <lockstep/nn/optimizers/rmsprop.h>
#include <lockstep/nn/optimizers/sgd.h>
#include <lockstep/nn/registry.h>

using namespace lockstep;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

constexpr std::size_t kWeights = 37;  // no multiple of a vector

double gradient_of(std::size_t element, int step) {
    return std::sin(static_cast<double>(element) + 0.7 * step);
}

/// The weights, all 1 at first, after three steps with gradient_of().
std::vector<float> train(const Optimizer& optimizer) {
    std::vector<float> weights(kWeights, 1.0F), gradient(kWeights);
    std::vector<std::vector<float>> slots(optimizer.slots().size(), std::vector<float>(kWeights, 0.0F));
    const std::vector<std::span<float>> slot_spans(slots.begin(), slots.end());
    for (int step = 0; step < 3; ++step) {
        for (std::size_t i = 0; i < kWeights; ++i) gradient[i] = static_cast<float>(gradient_of(i, step));
        optimizer.update({.weights = weights,
                          .gradient = gradient,
                          .slots = slot_spans,
                          .learning_rate = optimizer.learning_rate(),
                          .iteration = step});
    }
    return weights;
}

/// `update(weight, gradient, t)` is the formula, in double precision; t counts from 1.
template <typename MakeUpdate>
void expect_formula(const Optimizer& optimizer, MakeUpdate make_update) {
    const std::vector<float> weights = train(optimizer);
    for (std::size_t i = 0; i < kWeights; ++i) {
        auto update = make_update();
        double weight = 1.0;
        for (int step = 0; step < 3; ++step) update(weight, gradient_of(i, step), step + 1);
        EXPECT_NEAR(static_cast<double>(weights[i]), weight, 2e-5) << "element " << i;
    }
}

TEST(Sgd, Plain) {
    expect_formula(Sgd({.learning_rate = 0.1}),
                   [] { return [](double& w, double g, int) { w -= 0.1 * g; }; });
    EXPECT_THAT(Sgd({}).slots(), ElementsAre());
}

TEST(Sgd, Momentum) {
    expect_formula(Sgd({.learning_rate = 0.1, .momentum = 0.9}), [] {
        return [v = 0.0](double& w, double g, int) mutable {
            v = 0.9 * v - 0.1 * g;
            w += v;
        };
    });
    EXPECT_THAT(Sgd({.momentum = 0.9}).slots(), ElementsAre("momentum"));
}

TEST(Sgd, Nesterov) {
    expect_formula(Sgd({.learning_rate = 0.1, .momentum = 0.9, .nesterov = true}), [] {
        return [v = 0.0](double& w, double g, int) mutable {
            v = 0.9 * v - 0.1 * g;
            w += 0.9 * v - 0.1 * g;
        };
    });
}

TEST(Rmsprop, Plain) {
    expect_formula(Rmsprop({.learning_rate = 0.01}), [] {
        return [v = 0.0](double& w, double g, int) mutable {
            v = 0.9 * v + 0.1 * g * g;
            w -= 0.01 * g / std::sqrt(v + 1e-7);
        };
    });
    EXPECT_THAT(Rmsprop({}).slots(), ElementsAre("velocity"));
}

TEST(Rmsprop, CenteredWithMomentum) {
    expect_formula(Rmsprop({.learning_rate = 0.01, .momentum = 0.5, .centered = true}), [] {
        return [v = 0.0, m = 0.0, mean = 0.0](double& w, double g, int) mutable {
            v = 0.9 * v + 0.1 * g * g;
            mean = 0.9 * mean + 0.1 * g;
            m = 0.5 * m + 0.01 * g / std::sqrt(v - mean * mean + 1e-7);
            w -= m;
        };
    });
    EXPECT_THAT(Rmsprop({.momentum = 0.5, .centered = true}).slots(),
                ElementsAre("velocity", "momentum", "average_gradient"));
}

TEST(Rmsprop, CenteredAlone) {
    expect_formula(Rmsprop({.learning_rate = 0.01, .centered = true}), [] {
        return [v = 0.0, mean = 0.0](double& w, double g, int) mutable {
            v = 0.9 * v + 0.1 * g * g;
            mean = 0.9 * mean + 0.1 * g;
            w -= 0.01 * g / std::sqrt(v - mean * mean + 1e-7);
        };
    });
    EXPECT_THAT(Rmsprop({.centered = true}).slots(), ElementsAre("velocity", "average_gradient"));
}

TEST(Adam, CorrectsItsBias) {
    expect_formula(Adam({.learning_rate = 0.01}), [] {
        return [m = 0.0, v = 0.0](double& w, double g, int t) mutable {
            m = 0.9 * m + 0.1 * g;
            v = 0.999 * v + 0.001 * g * g;
            const double rate = 0.01 * std::sqrt(1.0 - std::pow(0.999, t)) / (1.0 - std::pow(0.9, t));
            w -= rate * m / (std::sqrt(v) + 1e-7);
        };
    });
    EXPECT_THAT(Adam({}).slots(), ElementsAre("momentum", "velocity"));
}

TEST(Optimizer, ConfigMakesTheSameOptimizer) {
    for (
        const char* json :
        {R"({"type": "sgd", "learning_rate": 0.5, "momentum": 0.9, "nesterov": true, "clipnorm": 1.5})",
         R"({"type": "rmsprop", "learning_rate": 0.5, "rho": 0.8, "momentum": 0.1, "epsilon": 1e-5, "centered": true})",
         R"({"type": "adam", "learning_rate": 0.5, "beta_1": 0.8, "beta_2": 0.9, "epsilon": 1e-5,
              "clipvalue": 2.5, "gradient_accumulation_steps": 3})",
         R"({"type": "adam", "amsgrad": true})",
         R"({"type": "adamw", "weight_decay": 0.01, "beta_2": 0.95, "amsgrad": true})",
         R"({"type": "adamax", "beta_1": 0.8, "epsilon": 1e-6})",
         R"({"type": "nadam", "beta_1": 0.8, "use_ema": true})",
         R"({"type": "adagrad", "initial_accumulator_value": 0.5, "epsilon": 1e-6})",
         R"({"type": "adadelta", "learning_rate": 1.0, "rho": 0.9})",
         R"({"type": "lion", "beta_1": 0.8, "beta_2": 0.9, "weight_decay": 0.1})",
         R"({"type": "ftrl", "l1_regularization_strength": 0.1, "l2_regularization_strength": 0.2,
              "l2_shrinkage_regularization_strength": 0.3, "beta": 0.4, "initial_accumulator_value": 0.5})"}) {
        const Config written = Config::from_json(json);
        Config config = make_optimizer(written)->config();
        config.set("type", written.at("type"));
        for (const std::string& key : written.keys())
            EXPECT_TRUE(config.at(key) == written.at(key)) << json << " " << key;
        EXPECT_TRUE(make_optimizer(config)->config() == make_optimizer(written)->config()) << json;
    }
}

TEST(Optimizer, DefaultsAreKeras) {
    EXPECT_EQ(make_optimizer("sgd")->learning_rate(), 0.01);
    EXPECT_EQ(make_optimizer("rmsprop")->learning_rate(), 0.001);
    EXPECT_EQ(make_optimizer("adam")->learning_rate(), 0.001);
}

TEST(Optimizer, RejectsWhatMakesNoSense) {
    EXPECT_THROW(Sgd({.learning_rate = -0.1}), ConfigError);
    EXPECT_THROW(Sgd({.momentum = 1.5}), ConfigError);
    EXPECT_THROW(Sgd({.common = {.clipnorm = 1.0, .clipvalue = 1.0}}), ConfigError);
    EXPECT_THROW(Sgd({.common = {.clipvalue = 0.0}}), ConfigError);
    EXPECT_THROW(Sgd({.common = {.gradient_accumulation_steps = 0}}), ConfigError);
    EXPECT_THROW(Adam({.beta_1 = 1.0}), ConfigError);
    EXPECT_THROW(Rmsprop({.epsilon = 0.0}), ConfigError);
    try {
        Sgd({.learning_rate = -0.1});
    } catch (const ConfigError& error) {
        EXPECT_THAT(error.what(), HasSubstr("learning_rate: expected a number of at least 0, got -0.1"));
    }
}

}  // namespace
