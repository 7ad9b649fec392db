#pragma once

#include <memory>
#include <string>

#include <lockstep/core/shape.h>
#include <lockstep/nn/constraint.h>
#include <lockstep/nn/initializer.h>
#include <lockstep/nn/regularizer.h>

namespace lockstep {

/// How a weight changes in a step.
enum class WeightRule {
    optimizer,        // by the optimizer, from its gradient
    running_average,  // follows a statistic of the batch: w = momentum * w + (1 - momentum) * statistic
    none,             // never: not trainable
};

/// What a layer says of one of its weights; the memory belongs to the parameter store.
struct WeightSpec {
    std::string name;  // "kernel"
    Shape shape;
    std::shared_ptr<const Initializer> initializer;
    WeightRule rule = WeightRule::optimizer;
    double momentum = 0.0;  // of a running average
    std::shared_ptr<const Regularizer> regularizer = nullptr;
    std::shared_ptr<const Constraint> constraint = nullptr;
};

}  // namespace lockstep
