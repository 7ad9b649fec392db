#include <algorithm>
#include <array>

#include <lockstep/core/construct.h>
#include <lockstep/math/kernels.h>
#include <lockstep/math/optimizer_kernels.h>
#include <lockstep/nn/optimizers/lamb.h>

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

Lamb::Lamb(const Options& options) : AdaptiveMoments(options) {
    refuse_norms("clipnorm", options.common.clipnorm);
    refuse_norms("global_clipnorm", options.common.global_clipnorm);
}

/// `use(d, first)` for a part of the direction after the other; `first` is where it begins in the slice.
template <typename Use>
void Lamb::walk(const SliceUpdate& slice, Use use) const {
    constexpr std::size_t kPart = 512;
    std::array<float, kPart> room;
    const math::AdamDirection direction{.first = 1.0 / bias_correction_1(slice.iteration),
                                        .second = 1.0 / bias_correction_2(slice.iteration),
                                        .epsilon = epsilon()};
    for (std::size_t first = 0; first < slice.weights.size(); first += kPart) {
        const auto part = std::span(room).first(std::min(kPart, slice.weights.size() - first));
        math::adam_direction(slice.slots[0].subspan(first, part.size()),
                             slice.slots[1].subspan(first, part.size()), direction, part);
        use(part, first);
    }
}

double Lamb::measure(const SliceUpdate& slice) const {
    math::adam_moments(slice.gradient, beta_1(), beta_2(), slice.slots[0], slice.slots[1]);
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
    static const TypeHelp help = optimizer_help(
        "adaptive moments for large batches, scaled to each weight's norm", "0.001", moments_help());
    return help;
}

std::unique_ptr<Optimizer> Lamb::from_config(const Config& keys) {
    return construct_from<Lamb>(keys, read_options(keys));
}

}  // namespace lockstep
