#pragma once

#include <lockstep/nn/loss.h>

namespace lockstep {

/// Base of losses that look at one sample at a time, without its weight.
class RowLoss : public Loss {
public:
    double compute(ConstMatrix outputs, ConstMatrix targets, std::span<const float> weights,
                   Matrix gradient) const final;

protected:
    /// Returns the loss of one sample and, unless `gradient` is empty, writes its derivative with respect to
    /// `output`.
    virtual double sample_loss(std::span<const float> output, std::span<const float> target,
                               std::span<float> gradient) const = 0;
};

}  // namespace lockstep
