#include "non_neg.h"

#include <algorithm>

namespace lockstep {

void NonNeg::apply(const Shape& /*shape*/, std::span<float> weight) const {
    for (float& value : weight) value = std::max(value, 0.0F);
}

const TypeHelp& NonNeg::help() {
    static const TypeHelp help{.summary = "no element is below 0", .keys = {}};
    return help;
}

std::unique_ptr<Constraint> NonNeg::from_config(const Config& /*keys*/) {
    return std::make_unique<NonNeg>();
}

}  // namespace lockstep
