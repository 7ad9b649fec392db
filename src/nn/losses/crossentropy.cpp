#include "crossentropy.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <lockstep/core/error.h>
#include <lockstep/math/kernels.h>

#include "../option_check.h"

namespace lockstep::crossentropy {

double clip(double probability) {
    // Written so that NaN stays NaN.
    if (probability < kEpsilon) return kEpsilon;
    return probability > 1.0 - kEpsilon ? 1.0 - kEpsilon : probability;
}

bool passes_clip(double probability) {
    return !(probability < kEpsilon || probability > 1.0 - kEpsilon);
}

double log_sum_exp(std::span<const float> logits, std::span<float> softmax) {
    const float largest = *std::ranges::max_element(logits);
    if (!softmax.empty()) {
        // The largest probability is 1 / sum(exp(logits - largest)), which the vector kernel has worked out
        // already.
        math::softmax(logits, 1, softmax);
        return static_cast<double>(largest) -
               std::log(static_cast<double>(*std::ranges::max_element(softmax)));
    }
    double sum = 0.0;
    for (const float logit : logits) sum += static_cast<double>(std::exp(logit - largest));
    return static_cast<double>(largest) + std::log(sum);
}

void check_classes(std::string_view loss, const Shape& output) {
    if (output.rank() == 1 && output.size() >= 2) return;
    throw ShapeError(std::string(loss) + ": expected outputs of one axis with at least 2 classes, got " +
                     output.to_string() + "; for one output per sample use binary_crossentropy");
}

void check_label_smoothing(double label_smoothing) {
    check_option(label_smoothing >= 0.0 && label_smoothing <= 1.0, "label_smoothing", "a number in [0, 1]",
                 label_smoothing);
}

TypeHelp::Key from_logits_key() {
    return {"from_logits", "false", "outputs are not probabilities yet"};
}

TypeHelp::Key label_smoothing_key() {
    return {"label_smoothing", "0.0", "draws targets towards equal probabilities, in [0, 1]"};
}

}  // namespace lockstep::crossentropy
