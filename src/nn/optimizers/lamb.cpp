#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <lockstep/core/construct.h>
#include <lockstep/math/kernels.h>
#include <lockstep/math/optimizer_kernels.h>
#include <lockstep/nn/optimizers/lamb.h>

#include "../number_checks.h"
#include "common_keys.h"

namespace lockstep {
namespace {

/// What clips by a norm has to be done before m and v are known, which the norm of d is made of.
void refuse_norms(const char* key, const std::optional<double>& limit) {
    if (limit)
        throw ConfigError(
            std::string(key) +
            ": lamb bounds every step by the norm of its weight already; clipvalue goes with it");
}

}  // namespace

Lamb::Lamb(Options options)
    : Optimizer(std::move(options.learning_rate), options.common),
      beta_1_(options.beta_1),
      beta_2_(options.beta_2),
      epsilon_(options.epsilon) {
    check_decay("beta_1", beta_1_);
    check_decay("beta_2", beta_2_);
    check_positive("epsilon", epsilon_);
    refuse_norms("clipnorm", options.common.clipnorm);
    refuse_norms("global_clipnorm", options.common.global_clipnorm);
}

Config Lamb::config() const {
    Config config = common_config();
    config.set("beta_1", beta_1_);
    config.set("beta_2", beta_2_);
    config.set("epsilon", epsilon_);
    return config;
}

std::vector<std::string> Lamb::slots() const {
    return {"momentum", "velocity"};
}

/// `use(d, first)` for a part of the direction after the other; `first` is where it begins in the slice.
template <typename Use>
void Lamb::walk(const SliceUpdate& slice, Use use) const {
    constexpr std::size_t kPart = 512;
    std::array<float, kPart> room;
    const auto t = static_cast<double>(slice.iteration + 1);
    const math::AdamDirection direction{.first = 1.0 / (1.0 - std::pow(beta_1_, t)),
                                        .second = 1.0 / (1.0 - std::pow(beta_2_, t)),
                                        .epsilon = epsilon_};
    for (std::size_t first = 0; first < slice.weights.size(); first += kPart) {
        const auto part = std::span(room).first(std::min(kPart, slice.weights.size() - first));
        math::adam_direction(slice.slots[0].subspan(first, part.size()),
                             slice.slots[1].subspan(first, part.size()), direction, part);
        use(part, first);
    }
}

double Lamb::measure(const SliceUpdate& slice) const {
    math::adam_moments(slice.gradient, beta_1_, beta_2_, slice.slots[0], slice.slots[1]);
    double square = 0.0;
    walk(slice,
         [&](std::span<const float> part, std::size_t /*first*/) { square += math::sum_of_squares(part); });
    return square;
}

void Lamb::update(const SliceUpdate& slice) const {
    const bool has_ratio = slice.weight_norm > 0.0 && slice.direction_norm > 0.0;
    const double ratio = has_ratio ? slice.weight_norm / slice.direction_norm : 1.0;
    const auto rate = static_cast<float>(slice.learning_rate * ratio);
    walk(slice, [&](std::span<const float> part, std::size_t first) {
        math::sgd(part, rate, slice.weights.subspan(first, part.size()));
    });
}

const TypeHelp& Lamb::help() {
    static const TypeHelp help =
        optimizer_help("adaptive moments for large batches, scaled to each weight's norm", "0.001",
                       {{"beta_1", "0.9", "decay of the mean gradient, in [0, 1)"},
                        {"beta_2", "0.999", "decay of its square, in [0, 1)"},
                        {"epsilon", "1e-7", "added to the root"}});
    return help;
}

std::unique_ptr<Optimizer> Lamb::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<Lamb>(keys, {.learning_rate = read_learning_rate(keys, defaults.learning_rate),
                                       .beta_1 = keys.get("beta_1", defaults.beta_1),
                                       .beta_2 = keys.get("beta_2", defaults.beta_2),
                                       .epsilon = keys.get("epsilon", defaults.epsilon),
                                       .common = read_optimizer_options(keys)});
}

}  // namespace lockstep
