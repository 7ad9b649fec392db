#pragma once

#include <lockstep/core/aligned_buffer.h>
#include <lockstep/data/dataset.h>

namespace lockstep {

/// Memory for the rows of some samples.
class RowBuffer {
public:
    RowBuffer() = default;
    /// For inputs of the shape `input`.
    RowBuffer(std::size_t rows, const Shape& input)
        : rows_(rows), input_size_(input.size()), inputs_(rows * input_size_) {}

    /// Also for the targets and weights, if `dataset` has any.
    void add_targets(const Dataset& dataset) {
        target_size_ = dataset.target_shape().size();
        if (dataset.has_targets()) targets_ = AlignedBuffer<float>(rows_ * target_size_);
        if (dataset.has_weights()) weights_ = AlignedBuffer<float>(rows_);
    }

    /// Rows [first, first + count).
    SampleRows rows(std::size_t first, std::size_t count) {
        SampleRows rows;
        rows.inputs = {inputs_.data() + first * input_size_, count, input_size_};
        if (!targets_.empty()) rows.targets = {targets_.data() + first * target_size_, count, target_size_};
        if (!weights_.empty()) rows.weights = weights_.span().subspan(first, count);
        return rows;
    }

private:
    std::size_t rows_ = 0, input_size_ = 0, target_size_ = 0;
    AlignedBuffer<float> inputs_, targets_, weights_;
};

}  // namespace lockstep
