#include <algorithm>
#include <cmath>
#include <string>

#include <lockstep/core/error.h>
#include <lockstep/nn/losses/cosine_similarity.h>

#include "crossentropy.h"

namespace lockstep {

namespace {

struct Products {
    double outputs, targets, both;
};

Products products(std::span<const float> output, std::span<const float> target) {
    Products sums{};
    for (std::size_t i = 0; i < output.size(); ++i) {
        const auto value = static_cast<double>(output[i]), wanted = static_cast<double>(target[i]);
        sums.outputs += value * value;
        sums.targets += wanted * wanted;
        sums.both += value * wanted;
    }
    return sums;
}

}  // namespace

Shape CosineSimilarity::target_shape(const Shape& output) const {
    if (output.rank() == 1) return output;
    throw ShapeError("cosine_similarity: expected outputs of one axis, the vector that is compared, got " +
                     output.to_string() + "; end the model with a flatten layer");
}

double CosineSimilarity::sample_loss(std::span<const float> output, std::span<const float> target,
                                     std::span<float> gradient) const {
    const auto [outputs, targets, both] = products(output, target);
    const double length = std::max(std::sqrt(outputs), crossentropy::kEpsilon);
    const double target_length = std::max(std::sqrt(targets), crossentropy::kEpsilon);
    const double cosine = both / (length * target_length);
    // A length that is clipped does not change with the output.
    const double pull = std::sqrt(outputs) > crossentropy::kEpsilon ? cosine / (length * length) : 0.0;
    for (std::size_t i = 0; i < gradient.size(); ++i)
        gradient[i] = static_cast<float>(pull * static_cast<double>(output[i]) -
                                         static_cast<double>(target[i]) / (length * target_length));
    return -cosine;
}

const TypeHelp& CosineSimilarity::help() {
    static const TypeHelp help{
        .summary = "minus the cosine of the angle between output and target: -1 for the same direction",
        .keys = {}};
    return help;
}

std::unique_ptr<Loss> CosineSimilarity::from_config(const Config& /*keys*/) {
    return std::make_unique<CosineSimilarity>();
}

}  // namespace lockstep
