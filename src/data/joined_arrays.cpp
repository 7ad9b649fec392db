#include "joined_arrays.h"

#include <algorithm>
#include <utility>

#include <lockstep/core/error.h>

namespace lockstep {

JoinedArrays::JoinedArrays(std::vector<File> files, Layout layout)
    : layout_(layout), files_(std::move(files)) {
    for (const std::unique_ptr<RowArray>& array : files_.front())
        parts_.push_back({.stored = array->row_shape()});
    for (const File& file : files_) append(file);
    join();
}

void JoinedArrays::append(const File& file) {
    const RowArray& front = *file.front();
    for (std::size_t i = 0; i < file.size(); ++i) {
        const RowArray& array = *file[i];
        if (array.rows() != front.rows())
            throw DataError(array.name() + " has " + std::to_string(array.rows()) + " samples, but " +
                            front.name() + " has " + std::to_string(front.rows()));
        if (array.row_shape() != parts_[i].stored)
            throw DataError(array.name() + " has samples of shape " + array.row_shape().to_string() +
                            ", but in " + files_.front()[i]->name() + " they are " +
                            parts_[i].stored.to_string());
    }
    first_row_.push_back(first_row_.back() + front.rows());
}

void JoinedArrays::join() {
    std::vector<std::size_t> joined;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
        Part& part = parts_[i];
        const Shape in_file = part.stored.rank() == 0 ? Shape{1} : part.stored;
        const Shape shape = in_memory(layout_, in_file);
        std::vector<std::size_t> extents(shape.extents().begin(), shape.extents().end());
        part.extent = extents.back();
        if (i == 0) joined = extents;
        const bool fits =
            extents.size() == joined.size() && std::equal(extents.begin(), extents.end() - 1, joined.begin());
        if (!fits)
            throw DataError(files_.front()[i]->name() + " with samples of shape " + shape.to_string() +
                            " cannot be joined to " + name() + " " +
                            in_memory(layout_, parts_[0].stored).to_string() +
                            "; all axes but the last must agree");
        part.offset = i == 0 ? 0 : joined.back();
        joined.back() = part.offset + part.extent;
    }
    shape_ = Shape(std::move(joined));
}

void JoinedArrays::read(std::span<const std::uint64_t> indices, Matrix out) const {
    if (files_.size() == 1) {
        read_file(files_.front(), indices, out);
        return;
    }
    for (std::size_t file = 0; file < files_.size(); ++file) {
        local_.clear();
        places_.clear();
        for (std::size_t i = 0; i < indices.size(); ++i) {
            if (indices[i] < first_row_[file] || indices[i] >= first_row_[file + 1]) continue;
            local_.push_back(indices[i] - first_row_[file]);
            places_.push_back(i);
        }
        if (local_.empty()) continue;
        gathered_.resize(local_.size() * out.columns());
        const Matrix gathered(gathered_.data(), local_.size(), out.columns());
        read_file(files_[file], local_, gathered);
        for (std::size_t i = 0; i < places_.size(); ++i)
            std::ranges::copy(gathered.row(i), out.row(places_[i]).begin());
    }
}

void JoinedArrays::read_file(const File& file, std::span<const std::uint64_t> indices, Matrix out) const {
    for (std::size_t i = 0; i < parts_.size(); ++i) {
        const Part& part = parts_[i];
        const RowArray& array = *file[i];
        // Rows that lie in `out` as they do in the file need no detour.
        if (!turned(part) && (parts_.size() == 1 || shape_.rank() == 1)) {
            array.read(indices, out.values().subspan(part.offset), out.columns());
            continue;
        }
        const std::size_t width = part.stored.size();
        rows_.resize(indices.size() * width);
        array.read(indices, rows_, width);
        for (std::size_t row = 0; row < indices.size(); ++row)
            place(part, std::span<const float>(rows_).subspan(row * width, width), out.row(row));
    }
}

void JoinedArrays::place(const Part& part, std::span<const float> row, std::span<float> out) const {
    if (turned(part)) {
        turned_.resize(row.size());
        to_channels_last<float>(part.stored, row, turned_);
        row = turned_;
    }
    const std::size_t stride = shape_[shape_.rank() - 1];
    for (std::size_t from = 0, to = part.offset; from < row.size(); from += part.extent, to += stride)
        std::ranges::copy(row.subspan(from, part.extent), out.subspan(to).begin());
}

}  // namespace lockstep
