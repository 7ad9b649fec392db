#include "joined_arrays.h"

#include <algorithm>

#include <lockstep/core/error.h>

namespace lockstep {

JoinedArrays::JoinedArrays(const std::vector<std::string>& files, const std::vector<std::string>& datasets,
                           Options options)
    : options_(options) {
    for (const std::string& file : files) open(file, datasets);
    join(datasets);
}

void JoinedArrays::open(const std::string& file, const std::vector<std::string>& datasets) {
    std::vector<io::ArrayReader> readers;
    for (std::size_t i = 0; i < datasets.size(); ++i) {
        readers.emplace_back(file, datasets[i],
                             io::ArrayReader::Options{.allow_links = options_.allow_links});
        const io::ArrayReader& reader = readers.back();
        if (reader.rows() != readers.front().rows())
            throw DataError(file + ": " + datasets[i] + " has " + std::to_string(reader.rows()) +
                            " samples, but " + datasets.front() + " has " +
                            std::to_string(readers.front().rows()));
        if (readers_.empty())
            parts_.push_back({.stored = reader.row_shape()});
        else if (reader.row_shape() != parts_[i].stored)
            throw DataError(file + ": " + datasets[i] + " has samples of shape " +
                            reader.row_shape().to_string() + ", but in " + files_.front() + " they are " +
                            parts_[i].stored.to_string());
    }
    files_.push_back(file);
    first_row_.push_back(first_row_.back() + readers.front().rows());
    readers_.push_back(std::move(readers));
}

void JoinedArrays::join(const std::vector<std::string>& datasets) {
    std::vector<std::size_t> joined;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
        Part& part = parts_[i];
        const Shape in_file = part.stored.rank() == 0 ? Shape{1} : part.stored;
        const Shape shape = in_memory(options_.layout, in_file);
        std::vector<std::size_t> extents(shape.extents().begin(), shape.extents().end());
        part.extent = extents.back();
        if (i == 0) joined = extents;
        const bool fits =
            extents.size() == joined.size() && std::equal(extents.begin(), extents.end() - 1, joined.begin());
        if (!fits)
            throw DataError(files_.front() + ": " + datasets[i] + " with samples of shape " +
                            shape.to_string() + " cannot be joined to " + datasets.front() + " " +
                            in_memory(options_.layout, parts_[0].stored).to_string() +
                            "; all axes but the last must agree");
        part.offset = i == 0 ? 0 : joined.back();
        joined.back() = part.offset + part.extent;
    }
    shape_ = Shape(std::move(joined));
}

void JoinedArrays::read(std::span<const std::uint64_t> indices, Matrix out) const {
    if (readers_.size() == 1) {
        read_file(0, indices, out);
        return;
    }
    for (std::size_t file = 0; file < readers_.size(); ++file) {
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
        read_file(file, local_, gathered);
        for (std::size_t i = 0; i < places_.size(); ++i)
            std::ranges::copy(gathered.row(i), out.row(places_[i]).begin());
    }
}

void JoinedArrays::read_file(std::size_t file, std::span<const std::uint64_t> indices, Matrix out) const {
    for (std::size_t i = 0; i < parts_.size(); ++i) {
        const Part& part = parts_[i];
        const io::ArrayReader& reader = readers_[file][i];
        // Rows that lie in `out` as they do in the file need no detour.
        if (!turned(part) && (parts_.size() == 1 || shape_.rank() == 1)) {
            reader.read(indices, out.values().subspan(part.offset), out.columns());
            continue;
        }
        const std::size_t width = part.stored.size();
        rows_.resize(indices.size() * width);
        reader.read(indices, rows_, width);
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
