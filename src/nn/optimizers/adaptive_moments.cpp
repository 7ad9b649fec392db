#include <cmath>
#include <utility>

#include <lockstep/nn/optimizers/adaptive_moments.h>

#include "../number_checks.h"

namespace lockstep {
namespace {

double bias_correction(double beta, std::int64_t iteration) {
    return 1.0 - std::pow(beta, static_cast<double>(iteration + 1));
}

}  // namespace

AdaptiveMoments::AdaptiveMoments(Options options)
    : Optimizer(std::move(options.learning_rate), options.common),
      beta_1_(options.beta_1),
      beta_2_(options.beta_2),
      epsilon_(options.epsilon) {
    check_decay("beta_1", beta_1_);
    check_decay("beta_2", beta_2_);
    check_positive("epsilon", epsilon_);
}

Config AdaptiveMoments::config() const {
    Config config = common_config();
    config.set("beta_1", beta_1_);
    config.set("beta_2", beta_2_);
    config.set("epsilon", epsilon_);
    return config;
}

std::vector<std::string> AdaptiveMoments::slots() const {
    return {"momentum", "velocity"};
}

std::vector<TypeHelp::Key> AdaptiveMoments::moments_help() {
    return {{"beta_1", "0.9", "decay of the mean gradient, in [0, 1)"},
            {"beta_2", "0.999", "decay of its square, in [0, 1)"},
            {"epsilon", "1e-7", "added to the root"}};
}

AdaptiveMoments::Options AdaptiveMoments::read_options(const Config& keys) {
    const Options defaults;
    return {.learning_rate = read_learning_rate(keys, defaults.learning_rate),
            .beta_1 = keys.get("beta_1", defaults.beta_1),
            .beta_2 = keys.get("beta_2", defaults.beta_2),
            .epsilon = keys.get("epsilon", defaults.epsilon),
            .common = read_optimizer_options(keys)};
}

double AdaptiveMoments::bias_correction_1(std::int64_t iteration) const {
    return bias_correction(beta_1_, iteration);
}

double AdaptiveMoments::bias_correction_2(std::int64_t iteration) const {
    return bias_correction(beta_2_, iteration);
}

}  // namespace lockstep
