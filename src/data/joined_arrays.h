#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <lockstep/core/matrix_view.h>
#include <lockstep/core/shape.h>
#include <lockstep/data/layout.h>
#include <lockstep/io/array_reader.h>

namespace lockstep {

/// Datasets of the same names in several files as one array: files one behind the other along the first axis,
/// datasets side by side along the last axis that they have in memory.
class JoinedArrays {
public:
    struct Options {
        Layout layout = Layout::channels_last;
        bool allow_links = false;
    };

    /// Throws IoError, or DataError naming both parties if shapes or numbers of rows do not agree.
    JoinedArrays(const std::vector<std::string>& files, const std::vector<std::string>& datasets,
                 Options options);

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

    void open(const std::string& file, const std::vector<std::string>& datasets);
    void join(const std::vector<std::string>& datasets);
    bool turned(const Part& part) const {
        return options_.layout == Layout::channels_first && part.stored.rank() == 3;
    }
    void read_file(std::size_t file, std::span<const std::uint64_t> indices, Matrix out) const;
    void place(const Part& part, std::span<const float> row, std::span<float> out) const;

    Options options_;
    std::vector<std::string> files_;
    std::vector<Part> parts_;                            // one per dataset
    std::vector<std::vector<io::ArrayReader>> readers_;  // [file][dataset]
    std::vector<std::uint64_t> first_row_{0};            // of each file, and the end
    Shape shape_;

    // Of read(), kept from call to call.
    mutable std::vector<std::uint64_t> local_;
    mutable std::vector<std::size_t> places_;
    mutable std::vector<float> gathered_, rows_, turned_;
};

}  // namespace lockstep
