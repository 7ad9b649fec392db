#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <lockstep/core/matrix_view.h>
#include <lockstep/core/shape.h>
#include <lockstep/data/layout.h>

#include "row_array.h"

namespace lockstep {

/// The same arrays of several files as one array: files one behind the other along the first axis, arrays
/// side by side along the last axis that they have in memory.
class JoinedArrays {
public:
    /// The arrays of one file.
    using File = std::vector<std::unique_ptr<RowArray>>;

    /// Precondition: there is a file, and all have the same number of arrays, at least 1. Throws DataError
    /// naming both parties if shapes or numbers of rows do not agree.
    JoinedArrays(std::vector<File> files, Layout layout);

    /// Of the first array, for messages.
    std::string name() const { return files_.front().front()->name(); }
    std::uint64_t rows() const { return first_row_.back(); }
    /// Of one row in memory; a single number is [1].
    const Shape& shape() const { return shape_; }

    /// Writes row indices[i] to row i of `out`. Allocates nothing once it has served the largest number of
    /// rows.
    void read(std::span<const std::uint64_t> indices, Matrix out) const;

private:
    struct Part {
        Shape stored;            // of one row in the file
        std::size_t offset = 0;  // where it begins along the joined axis
        std::size_t extent = 0;  // along the joined axis
    };

    void append(const File& file);
    void join();
    bool turned(const Part& part) const {
        return layout_ == Layout::channels_first && part.stored.rank() == 3;
    }
    void read_file(const File& file, std::span<const std::uint64_t> indices, Matrix out) const;
    void place(const Part& part, std::span<const float> row, std::span<float> out) const;

    Layout layout_;
    std::vector<File> files_;
    std::vector<Part> parts_;                  // one per array of a file
    std::vector<std::uint64_t> first_row_{0};  // of each file, and the end
    Shape shape_;

    // Of read(), kept from call to call.
    mutable std::vector<std::uint64_t> local_;
    mutable std::vector<std::size_t> places_;
    mutable std::vector<float> gathered_, rows_, turned_;
};

}  // namespace lockstep
