#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include <lockstep/core/error.h>
#include <lockstep/io/array_reader.h>

#include "blocks.h"
#include "catalog.h"
#include "dataset_access.h"
#include "file_access.h"
#include "row_plan.h"

namespace lockstep::io {

namespace {

constexpr hsize_t kPieceElements = kPieceBytes / sizeof(float);
constexpr std::uint64_t kGapBytes = 8192;  // reading so much takes as long as one more call

Shape row_shape_of(const std::vector<hsize_t>& extents) {
    return Shape(std::vector<std::size_t>(extents.begin() + 1, extents.end()));
}

}  // namespace

struct ArrayReader::File {
    std::string where;  // "data.h5:/x"
    Handle file;        // declared first: closed last
    Handle dataset;
    std::vector<hsize_t> extents;
    Shape row_shape;
    std::size_t row_size = 0;
    std::vector<float> scratch;  // used on the executor's thread only

    File(const std::string& path, const std::string& name, Links links)
        : where(path + ":" + name),
          file(open_file(path)),
          dataset(open_numbers(file.get(), name, links, path)) {
        extents = extents_of(dataset.get(), where);
        if (extents.empty() || element_count(extents) == 0)
            throw DataError(where + ": expected samples along the first axis, got the extents " +
                            describe_extents(extents));
        row_shape = row_shape_of(extents);
        row_size = row_shape.size();
    }

    void read_box(const std::vector<hsize_t>& start, const std::vector<hsize_t>& count, float* out) const {
        const Handle box = select_box(dataset.get(), start.data(), count.data(), where);
        const Handle memory = box_space(count, where);
        if (H5Dread(dataset.get(), H5T_NATIVE_FLOAT, memory.get(), box.get(), H5P_DEFAULT, out) < 0)
            throw DataError(where + ": cannot read: " + last_error().text);
    }

    /// Rows [first, first + count), one behind the other.
    void read_rows(std::uint64_t first, std::uint64_t count, float* out) const {
        std::vector<hsize_t> start(extents.size(), 0);
        std::vector<hsize_t> size = extents;
        start[0] = first;
        size[0] = count;
        read_box(start, size, out);
    }

    void read_span(const RowSpan& span, const RowPlan& plan, std::span<const std::uint64_t> indices,
                   float* out, std::size_t stride) {
        scratch.resize(span.count * row_size);
        read_rows(span.first, span.count, scratch.data());
        for (std::size_t i = span.begin; i < span.end; ++i) {
            const std::size_t position = plan.order[i];
            const float* row = scratch.data() + (indices[position] - span.first) * row_size;
            std::copy_n(row, row_size, out + position * stride);
        }
    }

    void require(std::span<const std::uint64_t> indices, std::size_t values, std::size_t stride) const {
        if (stride < row_size || (!indices.empty() && values < (indices.size() - 1) * stride + row_size))
            throw DataError(
                fmt::format("{}: {} rows of {} values do not fit a buffer of {} values with stride {}", where,
                            indices.size(), row_size, values, stride));
        for (const std::uint64_t index : indices)
            if (index >= extents[0])
                throw DataError(fmt::format("{}: expected a row below {}, got {}", where, extents[0], index));
    }
};

ArrayReader::ArrayReader(const std::string& file, const std::string& dataset, Options options)
    : executor_(Executor::acquire()) {
    const std::string name = dataset.starts_with('/') ? dataset : "/" + dataset;
    executor_->run(Priority::data, [&] {
        file_ = std::make_unique<File>(file, name, options.allow_links ? Links::allow : Links::refuse);
    });
}

ArrayReader::~ArrayReader() {
    if (file_) executor_->run(Priority::data, [this] { file_.reset(); });
}

ArrayReader::ArrayReader(ArrayReader&&) noexcept = default;

ArrayReader& ArrayReader::operator=(ArrayReader&& other) noexcept {
    std::swap(executor_, other.executor_);
    std::swap(file_, other.file_);
    return *this;
}

std::uint64_t ArrayReader::rows() const {
    return file_->extents[0];
}

const Shape& ArrayReader::row_shape() const {
    return file_->row_shape;
}

void ArrayReader::read(std::span<const std::uint64_t> indices, std::span<float> out,
                       std::size_t stride) const {
    file_->require(indices, out.size(), stride);
    if (file_->row_size > kPieceElements) return read_large_rows(indices, out, stride);
    const std::uint64_t most_rows = kPieceElements / file_->row_size;
    const RowPlan plan = plan_rows(indices, most_rows, kGapBytes / sizeof(float) / file_->row_size);
    for (std::size_t next = 0; next < plan.spans.size();) {
        executor_->run(Priority::data, [&] {  // several short spans make one task
            for (std::uint64_t rows = 0; next < plan.spans.size() && rows < most_rows; ++next) {
                file_->read_span(plan.spans[next], plan, indices, out.data(), stride);
                rows += plan.spans[next].count;
            }
        });
    }
}

void ArrayReader::read_large_rows(std::span<const std::uint64_t> indices, std::span<float> out,
                                  std::size_t stride) const {
    const std::span<const hsize_t> row(file_->extents.begin() + 1, file_->extents.end());
    const std::vector<Block> pieces = blocks(row, kPieceElements);
    for (std::size_t i = 0; i < indices.size(); ++i) {
        for (const Block& piece : pieces) {
            std::vector<hsize_t> start{indices[i]};
            std::vector<hsize_t> count{1};
            start.insert(start.end(), piece.start.begin(), piece.start.end());
            count.insert(count.end(), piece.count.begin(), piece.count.end());
            float* target = out.data() + i * stride + piece.offset;
            executor_->run(Priority::data, [&] { file_->read_box(start, count, target); });
        }
    }
}

}  // namespace lockstep::io
