#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <lockstep/core/config.h>
#include <lockstep/core/matrix_view.h>
#include <lockstep/core/shape.h>
#include <lockstep/nn/activation.h>

namespace lockstep {

/// What is minimised: sum over samples of weight x loss, divided by the number of samples.
class Loss {
public:
    virtual ~Loss() = default;

    /// "sparse_categorical_crossentropy"
    virtual std::string_view type() const = 0;

    /// The keys that make the same loss from a job file, without type.
    virtual Config config() const { return Config::table(); }

    /// The shape of one target, given that of one output. Throws ShapeError if no target can fit.
    virtual Shape target_shape(const Shape& output) const { return output; }

    /// Whether targets are the numbers of classes, in [0, outputs).
    virtual bool takes_labels() const { return false; }

    /// How many classes one output tells apart, if the target names one of them: by its number, or as the
    /// place of its largest value. 0 if targets name no class.
    virtual std::size_t classes(const Shape& output) const { return takes_labels() ? output.size() : 0; }

    /// Returns the sum over the rows of weight x loss, and writes the gradient of that sum with respect to
    /// the outputs unless `gradient` is empty. `weights` is empty (all 1) or has one value per row. The sum
    /// runs in double precision, row by row.
    virtual double compute(ConstMatrix outputs, ConstMatrix targets, std::span<const float> weights,
                           Matrix gradient) const = 0;

    /// A loss that takes what goes into `activation` instead of what comes out of it, stably, or null:
    /// softmax or sigmoid followed by its cross-entropy.
    virtual std::unique_ptr<Loss> fuse(const Activation& /*activation*/) const { return nullptr; }
};

}  // namespace lockstep
