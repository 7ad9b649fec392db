#include "l1_l2.h"

#include <cmath>

#include <lockstep/core/construct.h>
#include <lockstep/math/kernels.h>

#include "../number_checks.h"

namespace lockstep {

L1L2::L1L2(Options options) : options_(options) {
    check_not_negative("l1", options_.l1);
    check_not_negative("l2", options_.l2);
}

Config L1L2::config() const {
    return Config::table({{"type", type()}, {"l1", options_.l1}, {"l2", options_.l2}});
}

double L1L2::penalty(std::span<const float> weights) const {
    double sum = 0.0;
    if (options_.l2 != 0.0) sum += options_.l2 * math::sum_of_squares(weights);
    if (options_.l1 != 0.0) sum += options_.l1 * math::sum_of_magnitudes(weights);
    return sum;
}

void L1L2::add_gradient(std::span<const float> weights, std::span<float> gradient) const {
    const auto l1 = static_cast<float>(options_.l1), twice_l2 = static_cast<float>(2.0 * options_.l2);
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const float sign = weights[i] == 0.0F ? 0.0F : std::copysign(1.0F, weights[i]);
        gradient[i] += l1 * sign + twice_l2 * weights[i];
    }
}

const TypeHelp& L1L2::help() {
    static const TypeHelp help{
        .summary = "l1 * sum of |w| + l2 * sum of w^2",
        .keys = {{"l1", "0.0", "factor of the magnitudes"}, {"l2", "0.0", "factor of the squares"}}};
    return help;
}

std::unique_ptr<Regularizer> L1L2::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<L1L2>(keys, {.l1 = keys.get("l1", defaults.l1), .l2 = keys.get("l2", defaults.l2)});
}

}  // namespace lockstep
