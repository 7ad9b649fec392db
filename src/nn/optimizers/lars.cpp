#include <algorithm>
#include <array>
#include <utility>

#include <lockstep/core/construct.h>
#include <lockstep/math/kernels.h>
#include <lockstep/math/optimizer_kernels.h>
#include <lockstep/nn/optimizers/lars.h>

#include "../number_checks.h"
#include "../option_check.h"
#include "common_keys.h"

namespace lockstep {

Lars::Lars(Options options)
    : Optimizer(std::move(options.learning_rate), options.common),
      momentum_(options.momentum),
      weight_decay_(options.weight_decay),
      trust_coefficient_(options.trust_coefficient),
      epsilon_(options.epsilon) {
    check_option(momentum_ >= 0.0 && momentum_ <= 1.0, "momentum", "a number in [0, 1]", momentum_);
    check_not_negative("weight_decay", weight_decay_);
    check_positive("trust_coefficient", trust_coefficient_);
    check_not_negative("epsilon", epsilon_);
    if (const auto decay = options.common.weight_decay)
        check_option(false, "common.weight_decay", "none, as lars has a weight_decay of its own", *decay);
}

Config Lars::config() const {
    Config config = common_config();
    config.set("momentum", momentum_);
    config.set("weight_decay", weight_decay_);
    config.set("trust_coefficient", trust_coefficient_);
    config.set("epsilon", epsilon_);
    return config;
}

std::vector<std::string> Lars::slots() const {
    if (momentum_ == 0.0) return {};
    return {"momentum"};
}

double Lars::measure(const SliceUpdate& slice) const {
    return math::sum_of_squares(slice.gradient);
}

double Lars::trust(const SliceUpdate& slice) const {
    if (!(slice.weight_norm > 0.0 && slice.direction_norm > 0.0)) return 1.0;
    return trust_coefficient_ * slice.weight_norm /
           (slice.direction_norm + weight_decay_ * slice.weight_norm + epsilon_);
}

void Lars::update(const SliceUpdate& slice) const {
    constexpr std::size_t kPart = 512;
    std::array<float, kPart> room;
    const auto rate = static_cast<float>(slice.learning_rate * trust(slice));
    for (std::size_t first = 0; first < slice.weights.size(); first += kPart) {
        const auto decayed = std::span(room).first(std::min(kPart, slice.weights.size() - first));
        const auto weights = slice.weights.subspan(first, decayed.size());
        math::scale(weights, static_cast<float>(weight_decay_), decayed);
        math::add(slice.gradient.subspan(first, decayed.size()), decayed, decayed);
        if (momentum_ == 0.0)
            math::sgd(decayed, rate, weights);
        else
            math::sgd_momentum(decayed, rate, static_cast<float>(momentum_), false,
                               slice.slots[0].subspan(first, decayed.size()), weights);
    }
}

const TypeHelp& Lars::help() {
    static const TypeHelp help = [] {
        TypeHelp made = optimizer_help(
            "gradient descent for large batches, scaled to each weight's norm", "1.0",
            {{"momentum", "0.9", "part of the last step that is kept, in [0, 1]"},
             {"trust_coefficient", "0.001", "part of a weight's norm that a step of rate 1 moves it by"},
             {"epsilon", "0.0", "added to the norm of the gradient"}});
        const auto decay = std::ranges::find(made.keys, "weight_decay", &TypeHelp::Key::name);
        *decay = {"weight_decay", "0.0", "part of each weight that is added to its gradient"};
        return made;
    }();
    return help;
}

std::unique_ptr<Optimizer> Lars::from_config(const Config& keys) {
    const Options defaults;
    OptimizerOptions common = read_optimizer_options(keys);
    common.weight_decay.reset();
    return construct_from<Lars>(
        keys, {.learning_rate = read_learning_rate(keys, defaults.learning_rate),
               .momentum = keys.get("momentum", defaults.momentum),
               .weight_decay = keys.get("weight_decay", defaults.weight_decay),
               .trust_coefficient = keys.get("trust_coefficient", defaults.trust_coefficient),
               .epsilon = keys.get("epsilon", defaults.epsilon),
               .common = common});
}

}  // namespace lockstep
