#include <lockstep/nn/losses/dice.h>

#include "overlap.h"

namespace lockstep {

double Dice::sample_loss(std::span<const float> output, std::span<const float> target,
                         std::span<float> gradient) const {
    const Overlap sums = overlap(output, target);
    const double all = sums.outputs + sums.targets + crossentropy::kEpsilon;
    const double similarity = 2.0 * sums.both / all;
    for (std::size_t i = 0; i < gradient.size(); ++i)
        gradient[i] = static_cast<float>((similarity - 2.0 * static_cast<double>(target[i])) / all);
    return 1.0 - similarity;
}

const TypeHelp& Dice::help() {
    static const TypeHelp help{
        .summary = "1 - 2 * sum(target * output) / (sum(target) + sum(output)), over a sample", .keys = {}};
    return help;
}

std::unique_ptr<Loss> Dice::from_config(const Config& /*keys*/) {
    return std::make_unique<Dice>();
}

}  // namespace lockstep
