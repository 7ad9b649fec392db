#include "optimizer_rule.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include <lockstep/core/error.h>
#include <lockstep/math/kernels.h>

namespace lockstep {

OptimizerRule::OptimizerRule(const Optimizer& optimizer, const ParameterLayout& layout, bool guarded)
    : optimizer_(optimizer),
      layout_(layout),
      guarded_(guarded),
      slots_(optimizer.slots().size()),
      clip_(layout.parameters.size(), 1.0F),
      norms_(layout.parameters.size()) {}

std::vector<std::string> OptimizerRule::array_names() const {
    std::vector<std::string> names = optimizer_.slots();
    if (accumulates()) names.emplace_back("gradient_accumulator");
    if (averages()) names.emplace_back("average");
    return names;
}

std::optional<std::size_t> OptimizerRule::average() const {
    return averages() ? std::optional(arrays() - 1) : std::nullopt;
}

bool OptimizerRule::two_phase() const {
    const OptimizerOptions& options = optimizer_.options();
    return guarded_ || options.clipnorm || options.global_clipnorm || optimizer_.needs_norms();
}

void OptimizerRule::begin(double learning_rate, std::uint64_t samples) {
    learning_rate_ = learning_rate;
    scale_ = 1.0F / static_cast<float>(samples);
    non_finite_ = false;
}

void OptimizerRule::end() {
    if (non_finite_) return;
    if (updates()) {
        ++iterations_;
        accumulated_ = 0;
    } else {
        ++accumulated_;
    }
}

void OptimizerRule::restore(std::int64_t iterations, int accumulated) {
    const int steps = std::max(optimizer_.options().gradient_accumulation_steps, 1);
    if (accumulated >= steps)
        throw DataError("gradient accumulation: expected less than " + std::to_string(steps) +
                        " batches towards an update, the checkpoint has " + std::to_string(accumulated));
    iterations_ = iterations;
    accumulated_ = accumulated;
}

void OptimizerRule::prepare(const Stretch& stretch, std::span<float> gradient) {
    const Parameter& parameter = layout_.parameters[stretch.entry];
    math::scale(gradient, scale_, gradient);
    if (parameter.regularizer) parameter.regularizer->add_gradient(stretch.weights, gradient);
    if (accumulates()) accumulate(stretch.arrays[slots_], gradient);
    const auto limit = optimizer_.options().clipvalue;
    if (limit && parameter.rule == WeightRule::optimizer) math::clip(gradient, static_cast<float>(*limit));
}

/// Keras' gradient accumulation: the mean of the batches' mean gradients.
void OptimizerRule::accumulate(std::span<float> sum, std::span<float> gradient) const {
    math::add(sum, gradient, sum);
    if (!updates()) return;
    math::scale(sum, 1.0F / static_cast<float>(optimizer_.options().gradient_accumulation_steps), gradient);
    std::ranges::fill(sum, 0.0F);
}

void OptimizerRule::measure(const Stretch& stretch, std::span<const float> gradient, std::span<double> sums) {
    if (!updates()) return;
    sums[0] = math::sum_of_squares(stretch.weights);
    sums[1] = optimizer_.measure({.weights = stretch.weights,
                                  .gradient = gradient,
                                  .slots = stretch.arrays.first(slots_),
                                  .learning_rate = learning_rate_,
                                  .iteration = iterations_});
}

void OptimizerRule::set_norms(std::span<const double> squares) {
    non_finite_ =
        guarded_ && !std::ranges::all_of(squares, [](double square) { return std::isfinite(square); });
    const auto factor = [](double square, double limit) {
        const double norm = std::sqrt(square);
        return norm > limit ? static_cast<float>(limit / norm) : 1.0F;
    };
    const OptimizerOptions& options = optimizer_.options();
    if (options.clipnorm)
        std::ranges::transform(squares, clip_.begin(),
                               [&](double square) { return factor(square, *options.clipnorm); });
    if (options.global_clipnorm) {
        const double all = std::accumulate(squares.begin(), squares.end(), 0.0);
        std::ranges::fill(clip_, factor(all, *options.global_clipnorm));
    }
}

/// Of what the update will be given: weights after decay, gradients after clipping.
void OptimizerRule::set_sums(std::span<const double> sums) {
    const double kept = std::abs(1.0 - learning_rate_ * optimizer_.options().weight_decay.value_or(0.0));
    for (std::size_t entry = 0; entry < norms_.size(); ++entry)
        norms_[entry] = {.weight = kept * std::sqrt(sums[2 * entry]),
                         .direction = static_cast<double>(clip_[entry]) * std::sqrt(sums[2 * entry + 1])};
}

void OptimizerRule::apply(const Stretch& stretch, std::span<float> gradient) {
    if (!updates()) return;
    const Parameter& parameter = layout_.parameters[stretch.entry];
    if (parameter.rule == WeightRule::running_average)
        return math::follow(gradient, parameter.momentum, stretch.weights);
    if (clip_[stretch.entry] != 1.0F) math::scale(gradient, clip_[stretch.entry], gradient);
    if (const auto decay = optimizer_.options().weight_decay)
        math::scale(stretch.weights, static_cast<float>(1.0 - learning_rate_ * *decay), stretch.weights);
    optimizer_.update({.weights = stretch.weights,
                       .gradient = gradient,
                       .slots = stretch.arrays.first(slots_),
                       .learning_rate = learning_rate_,
                       .iteration = iterations_,
                       .weight_norm = norms_[stretch.entry].weight,
                       .direction_norm = norms_[stretch.entry].direction});
    if (averages()) average_weights(stretch);
    if (parameter.constraint && parameter.constraint->is_elementwise())
        parameter.constraint->apply(parameter.shape, stretch.weights);
}

void OptimizerRule::complete(std::size_t entry, std::span<float> weight) {
    const Parameter& parameter = layout_.parameters[entry];
    if (updates()) parameter.constraint->apply(parameter.shape, weight);
}

/// As in Keras, the average begins with the weights after the first update.
void OptimizerRule::average_weights(const Stretch& stretch) const {
    const OptimizerOptions& options = optimizer_.options();
    const std::span<float> average = stretch.arrays.back();
    math::follow(stretch.weights, iterations_ == 0 ? 0.0 : options.ema_momentum, average);
    if (options.ema_overwrite_frequency && (iterations_ + 1) % *options.ema_overwrite_frequency == 0)
        std::ranges::copy(average, stretch.weights.begin());
}

}  // namespace lockstep
