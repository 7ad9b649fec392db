#include "class_choice.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include <lockstep/core/error.h>

namespace lockstep {

std::size_t index_of_largest(std::span<const float> values) {
    return static_cast<std::size_t>(std::ranges::max_element(values) - values.begin());
}

std::size_t class_of_target(std::span<const float> target, std::size_t classes) {
    if (target.size() > 1) return index_of_largest(target);
    const float label = target[0];
    if (label >= 0.0F && label < static_cast<float>(classes) && label == std::floor(label))
        return static_cast<std::size_t>(label);
    std::ostringstream message;
    message << "label " << label << ": expected a whole number in [0, " << classes
            << "), the number of a class; the last layer must have as many units as there are classes";
    throw DataError(message.str());
}

}  // namespace lockstep
