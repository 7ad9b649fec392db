#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <vector>

#include <lockstep/core/matrix_view.h>
#include <lockstep/core/shape.h>
#include <lockstep/nn/loss.h>

namespace lockstep {

/// Keras' class_weight: class -> what its samples count in training. Classes that are not named count 1.
using ClassWeight = std::map<std::size_t, double>;

/// Makes weights of samples out of weights of classes.
class ClassWeights {
public:
    /// Every sample counts 1.
    ClassWeights() = default;
    /// `output`: the shape of one output of the model. Throws ConfigError unless the loss's targets name
    /// classes, there are all those of `weights`, and each weight is finite and >= 0.
    ClassWeights(const ClassWeight& weights, const Loss& loss, const Shape& output);

    bool empty() const { return weights_.empty(); }

    /// out[i] = the weight of the class that row i of `targets` names, times samples[i] unless `samples` is
    /// empty. As in Keras a row of several values names the place of the largest, and a single value is
    /// rounded; where there is no such class the sample counts 1.
    void weigh(ConstMatrix targets, std::span<const float> samples, std::span<float> out) const;

private:
    float weight_of(std::span<const float> target) const;

    std::vector<float> weights_;  // by class
};

}  // namespace lockstep
