#include <algorithm>

#include <lockstep/nn/losses/hinge.h>

#include "crossentropy.h"
#include "mean_over_features.h"

namespace lockstep {

namespace {

/// How far an output is from the side that it should be on, and the side: -1 or 1.
struct Margin {
    double missing, side;
};

Margin margin(double value, double wanted) {
    const double side = wanted == 0.0 ? -1.0 : wanted;
    return {1.0 - side * value, side};
}

}  // namespace

double Hinge::sample_loss(std::span<const float> output, std::span<const float> target,
                          std::span<float> gradient) const {
    return mean_over_features(output, target, gradient, [](double value, double wanted) -> LossAndSlope {
        const auto [missing, side] = margin(value, wanted);
        if (missing <= 0.0) return {0.0, 0.0};
        return {missing, -side};
    });
}

const TypeHelp& Hinge::help() {
    static const TypeHelp help{
        .summary = "mean of max(1 - target * output, 0); targets are -1 or 1, or 0 or 1", .keys = {}};
    return help;
}

std::unique_ptr<Loss> Hinge::from_config(const Config& /*keys*/) {
    return std::make_unique<Hinge>();
}

double SquaredHinge::sample_loss(std::span<const float> output, std::span<const float> target,
                                 std::span<float> gradient) const {
    return mean_over_features(output, target, gradient, [](double value, double wanted) -> LossAndSlope {
        const auto [missing, side] = margin(value, wanted);
        if (missing <= 0.0) return {0.0, 0.0};
        return {missing * missing, -2.0 * missing * side};
    });
}

const TypeHelp& SquaredHinge::help() {
    static const TypeHelp help{
        .summary = "mean of max(1 - target * output, 0)^2; targets are -1 or 1, or 0 or 1", .keys = {}};
    return help;
}

std::unique_ptr<Loss> SquaredHinge::from_config(const Config& /*keys*/) {
    return std::make_unique<SquaredHinge>();
}

Shape CategoricalHinge::target_shape(const Shape& output) const {
    crossentropy::check_classes(type(), output);
    return output;
}

double CategoricalHinge::sample_loss(std::span<const float> output, std::span<const float> target,
                                     std::span<float> gradient) const {
    const auto of_others = [&](std::size_t i) {
        return (1.0 - static_cast<double>(target[i])) * static_cast<double>(output[i]);
    };
    double right = 0.0;
    std::size_t worst = 0;
    for (std::size_t i = 0; i < output.size(); ++i) {
        right += static_cast<double>(target[i]) * static_cast<double>(output[i]);
        if (of_others(i) > of_others(worst)) worst = i;
    }
    const double missing = 1.0 + of_others(worst) - right;
    const bool passes = !(missing <= 0.0);
    for (std::size_t i = 0; i < gradient.size(); ++i) gradient[i] = passes ? -target[i] : 0.0F;
    if (passes && !gradient.empty()) gradient[worst] += 1.0F - target[worst];
    return passes ? missing : 0.0;
}

const TypeHelp& CategoricalHinge::help() {
    static const TypeHelp help{
        .summary = "max(1 + the highest output of a wrong class - that of the right one, 0)", .keys = {}};
    return help;
}

std::unique_ptr<Loss> CategoricalHinge::from_config(const Config& /*keys*/) {
    return std::make_unique<CategoricalHinge>();
}

}  // namespace lockstep
