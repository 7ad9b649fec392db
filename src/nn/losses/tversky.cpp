#include <lockstep/core/construct.h>
#include <lockstep/nn/losses/tversky.h>

#include "../option_check.h"
#include "overlap.h"

namespace lockstep {

Tversky::Tversky(Options options) : options_(options) {
    check_option(options_.alpha >= 0.0, "alpha", "a number >= 0", options_.alpha);
    check_option(options_.beta >= 0.0, "beta", "a number >= 0", options_.beta);
}

Config Tversky::config() const {
    return Config::table({{"alpha", options_.alpha}, {"beta", options_.beta}});
}

double Tversky::sample_loss(std::span<const float> output, std::span<const float> target,
                            std::span<float> gradient) const {
    const Overlap sums = overlap(output, target);
    const double missed = sums.targets - sums.both, wrong = sums.outputs - sums.both;
    const double all = sums.both + options_.alpha * missed + options_.beta * wrong + crossentropy::kEpsilon;
    const double similarity = sums.both / all;
    for (std::size_t i = 0; i < gradient.size(); ++i) {
        const auto wanted = static_cast<double>(target[i]);
        const double growth = wanted * (1.0 - options_.alpha) + options_.beta * (1.0 - wanted);  // of all
        gradient[i] = static_cast<float>((similarity * growth - wanted) / all);
    }
    return 1.0 - similarity;
}

const TypeHelp& Tversky::help() {
    static const TypeHelp help{
        .summary = "1 - both / (both + alpha * missed + beta * wrong), over a sample",
        .keys = {{"alpha", "0.5", "weight of missed, sum(target * (1 - output)), >= 0"},
                 {"beta", "0.5", "weight of wrong, sum((1 - target) * output), >= 0"}}};
    return help;
}

std::unique_ptr<Loss> Tversky::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<Tversky>(
        keys, {.alpha = keys.get("alpha", defaults.alpha), .beta = keys.get("beta", defaults.beta)});
}

}  // namespace lockstep
