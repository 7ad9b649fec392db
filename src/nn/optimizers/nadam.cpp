#include <algorithm>
#include <cmath>
#include <utility>

#include <lockstep/core/construct.h>
#include <lockstep/math/optimizer_kernels.h>
#include <lockstep/nn/optimizers/nadam.h>

#include "../number_checks.h"
#include "common_keys.h"

namespace lockstep {
namespace {

constexpr double kDecay = 0.96;

/// u_t
double momentum(double beta_1, std::int64_t t) {
    return beta_1 * (1.0 - 0.5 * std::pow(kDecay, static_cast<double>(t)));
}

/// u_1 u_2 ... u_t = beta_1^t (1 - 0.5 * 0.96) (1 - 0.5 * 0.96^2) ...; from the 900th on such a factor is 1.
double momentum_product(double beta_1, std::int64_t t) {
    constexpr std::int64_t kFactors = 900;
    double product = std::pow(beta_1, static_cast<double>(t)), power = 1.0;
    for (std::int64_t s = 1; s <= std::min(t, kFactors); ++s) {
        power *= kDecay;
        product *= 1.0 - 0.5 * power;
    }
    return product;
}

}  // namespace

Nadam::Nadam(Options options)
    : Optimizer(std::move(options.learning_rate), options.common),
      beta_1_(options.beta_1),
      beta_2_(options.beta_2),
      epsilon_(options.epsilon) {
    check_decay("beta_1", beta_1_);
    check_decay("beta_2", beta_2_);
    check_positive("epsilon", epsilon_);
}

Config Nadam::config() const {
    Config config = common_config();
    config.set("beta_1", beta_1_);
    config.set("beta_2", beta_2_);
    config.set("epsilon", epsilon_);
    return config;
}

std::vector<std::string> Nadam::slots() const {
    return {"momentum", "velocity"};
}

void Nadam::update(const SliceUpdate& slice) const {
    const std::int64_t t = slice.iteration + 1;
    const double now = momentum(beta_1_, t), next = momentum(beta_1_, t + 1);
    const double product = momentum_product(beta_1_, t);
    const math::NadamStep step{.momentum_rate = slice.learning_rate * next / (1.0 - product * next),
                               .gradient_rate = slice.learning_rate * (1.0 - now) / (1.0 - product),
                               .correction = 1.0 / (1.0 - std::pow(beta_2_, static_cast<double>(t))),
                               .beta_1 = beta_1_,
                               .beta_2 = beta_2_,
                               .epsilon = epsilon_};
    math::nadam(slice.gradient, step, slice.slots[0], slice.slots[1], slice.weights);
}

const TypeHelp& Nadam::help() {
    static const TypeHelp help = optimizer_help("adaptive moments with a look ahead", "0.001",
                                                {{"beta_1", "0.9", "decay of the mean gradient, in [0, 1)"},
                                                 {"beta_2", "0.999", "decay of its square, in [0, 1)"},
                                                 {"epsilon", "1e-7", "added to the root"}});
    return help;
}

std::unique_ptr<Optimizer> Nadam::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<Nadam>(keys, {.learning_rate = read_learning_rate(keys, defaults.learning_rate),
                                        .beta_1 = keys.get("beta_1", defaults.beta_1),
                                        .beta_2 = keys.get("beta_2", defaults.beta_2),
                                        .epsilon = keys.get("epsilon", defaults.epsilon),
                                        .common = read_optimizer_options(keys)});
}

}  // namespace lockstep
