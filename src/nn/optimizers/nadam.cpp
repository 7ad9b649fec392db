#include <algorithm>
#include <cmath>

#include <lockstep/core/construct.h>
#include <lockstep/math/optimizer_kernels.h>
#include <lockstep/nn/optimizers/nadam.h>

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

void Nadam::update(const SliceUpdate& slice) const {
    const std::int64_t t = slice.iteration + 1;
    const double now = momentum(beta_1(), t), next = momentum(beta_1(), t + 1);
    const double product = momentum_product(beta_1(), t);
    const math::NadamStep step{.momentum_rate = slice.learning_rate * next / (1.0 - product * next),
                               .gradient_rate = slice.learning_rate * (1.0 - now) / (1.0 - product),
                               .correction = 1.0 / bias_correction_2(slice.iteration),
                               .beta_1 = beta_1(),
                               .beta_2 = beta_2(),
                               .epsilon = epsilon()};
    math::nadam(slice.gradient, step, slice.slots[0], slice.slots[1], slice.weights);
}

const TypeHelp& Nadam::help() {
    static const TypeHelp help =
        optimizer_help("adaptive moments with a look ahead", "0.001", moments_help());
    return help;
}

std::unique_ptr<Optimizer> Nadam::from_config(const Config& keys) {
    return construct_from<Nadam>(keys, read_options(keys));
}

}  // namespace lockstep
