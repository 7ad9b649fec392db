#include "column_buffer.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>
#include <utility>

#include "ascii.h"

namespace lockstep::io {

namespace {

using Kind = ColumnFormat::Kind;

constexpr std::size_t kShortestText = 16;  // room for values longer than the first ones
constexpr double kMissingReal = std::numeric_limits<double>::quiet_NaN();

/// The longest prefix of at most `bytes` bytes that ends between two UTF-8 characters.
std::size_t cut_length(const std::string& text, std::size_t bytes) {
    if (text.size() <= bytes) return text.size();
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U) --bytes;
    return bytes;
}

/// What a cell is, and where its values lie.
struct CellView {
    ColumnFormat format;
    std::span<const std::int64_t> integers = {};
    std::span<const double> reals = {};
    const std::string* text = nullptr;

    /// False of an array that has not the number of values that its shape says.
    bool is_whole() const {
        return text != nullptr || integers.size() + reals.size() == format.cell_values();
    }
};

struct MakeView {
    CellView operator()(const std::int64_t& value) const {
        return {.format = {.kind = Kind::integer}, .integers = {&value, 1}};
    }
    CellView operator()(const double& value) const {
        return {.format = {.kind = Kind::real}, .reals = {&value, 1}};
    }
    CellView operator()(const std::string& value) const {
        return {.format = {.kind = Kind::text,
                           .text_bytes = std::max(kShortestText, value.size()),
                           .is_ascii = is_ascii(value)},
                .text = &value};
    }
    CellView operator()(const std::vector<double>& value) const {
        return {.format = {.kind = Kind::real, .shape = {value.size()}}, .reals = value};
    }
    CellView operator()(const Array<double>& value) const {
        return {.format = {.kind = Kind::real, .shape = value.shape}, .reals = value.values};
    }
    CellView operator()(const Array<std::int64_t>& value) const {
        return {.format = {.kind = Kind::integer, .shape = value.shape}, .integers = value.values};
    }
};

/// Until it is in the file, a column takes the type of its first cell and widens for later ones. True if it
/// must change from integers to floating values.
bool widen(ColumnFormat& format, const ColumnFormat& cell) {
    if (format.kind != cell.kind) {
        const bool grows = format.kind == Kind::integer && cell.kind == Kind::real;
        return grows && format.shape == cell.shape;
    }
    format.text_bytes = std::max(format.text_bytes, cell.text_bytes);
    format.is_ascii = format.is_ascii && cell.is_ascii;
    return false;
}

bool fits(const ColumnFormat& cell, const ColumnFormat& format) {
    const bool serves = cell.kind == format.kind || (cell.kind == Kind::integer && format.kind == Kind::real);
    return serves && cell.shape == format.shape;
}

}  // namespace

std::size_t ColumnFormat::cell_values() const {
    return std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>());
}

std::size_t ColumnFormat::cell_bytes() const {
    return kind == Kind::text ? text_bytes : cell_values() * sizeof(double);
}

ColumnBuffer::ColumnBuffer(std::string name, const std::optional<ColumnFormat>& stored)
    : name_(std::move(name)), format_(stored.value_or(ColumnFormat{})), stored_(stored), typed_(stored) {}

bool ColumnBuffer::put(std::size_t row, const Cell& cell) {
    if (row < rows_) return true;
    const CellView view = std::visit(MakeView{}, cell);
    if (!view.is_whole()) return false;
    if (!typed_) {
        format_ = view.format;
        typed_ = format_.cell_values() > 0;  // an empty array says nothing
    }
    if (!typed_) return false;
    if (!stored_ && widen(format_, view.format)) become_real();
    pad(row);
    if (!fits(view.format, format_)) return false;
    push(view.integers, view.reals, view.text);
    ++rows_;
    return true;
}

void ColumnBuffer::pad(std::size_t rows) {
    if (rows_ >= rows) return;
    const std::size_t values = (rows - rows_) * format_.cell_values();
    if (format_.kind == Kind::integer) integers_.insert(integers_.end(), values, kMissingInteger);
    if (format_.kind == Kind::real) reals_.insert(reals_.end(), values, kMissingReal);
    if (format_.kind == Kind::text) texts_.resize(rows);
    rows_ = rows;
}

void ColumnBuffer::push(std::span<const std::int64_t> integers, std::span<const double> reals,
                        const std::string* text) {
    if (text != nullptr) texts_.push_back(*text);
    reals_.insert(reals_.end(), reals.begin(), reals.end());
    if (format_.kind == Kind::integer)
        integers_.insert(integers_.end(), integers.begin(), integers.end());
    else
        reals_.insert(reals_.end(), integers.begin(), integers.end());
}

void ColumnBuffer::become_real() {
    format_.kind = Kind::real;
    for (const std::int64_t value : integers_)
        reals_.push_back(value == kMissingInteger ? kMissingReal : static_cast<double>(value));
    integers_.clear();
}

std::string ColumnBuffer::packed_texts(bool& cut) const {
    std::string packed(rows_ * format_.text_bytes, '\0');
    for (std::size_t row = 0; row < rows_; ++row) {
        const std::size_t length = cut_length(texts_[row], format_.text_bytes);
        cut = cut || length < texts_[row].size();
        packed.replace(row * format_.text_bytes, length, texts_[row], 0, length);
    }
    return packed;
}

}  // namespace lockstep::io
