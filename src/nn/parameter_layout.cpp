#include <lockstep/nn/parameter_layout.h>

namespace lockstep {

std::size_t ParameterLayout::trainable() const {
    std::size_t sum = 0;
    for (const Parameter& parameter : parameters)
        if (parameter.rule == WeightRule::optimizer) sum += parameter.size;
    return sum;
}

std::size_t ParameterLayout::total() const {
    std::size_t sum = 0;
    for (const Parameter& parameter : parameters) sum += parameter.size;
    return sum;
}

}  // namespace lockstep
