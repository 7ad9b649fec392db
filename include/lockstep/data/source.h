#pragma once

#include <cstdint>
#include <span>
#include <string>

#include <lockstep/core/matrix_view.h>
#include <lockstep/core/shape.h>

namespace lockstep {

/// Room for some samples, one row each; whoever asks for the samples owns it. What is empty is not wanted.
struct SampleRows {
    Matrix inputs;             // [rows, input size]
    Matrix targets;            // [rows, target size]
    std::span<float> weights;  // [rows]
};

/// Samples that can be read in any order. Every rank opens the same source; each reads only the samples that
/// it needs.
class Source {
public:
    virtual ~Source() = default;

    virtual std::uint64_t size() const = 0;

    /// Of one sample, images as height, width, channels; a single number is [1].
    virtual const Shape& input_shape() const = 0;
    /// Of one target; a single number, such as a class label, is [1]. Without targets, [0].
    virtual const Shape& target_shape() const = 0;
    virtual bool has_targets() const { return true; }
    virtual bool has_weights() const { return false; }

    /// Writes sample indices[i] to row i of what is wanted. Precondition: all indices < size(), targets and
    /// weights are wanted only if there are any. Called from one thread at a time. Throws DataError or
    /// IoError.
    virtual void read(std::span<const std::uint64_t> indices, const SampleRows& out) const = 0;

    /// Whether read() may wait for a file, so that reading ahead on a thread pays.
    virtual bool may_block() const { return false; }

    /// What it is, for messages: "idx train-images-idx3-ubyte.gz".
    virtual std::string describe() const = 0;
};

}  // namespace lockstep
