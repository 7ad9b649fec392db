#include "column_buffer.h"

#include <algorithm>
#include <limits>
#include <utility>

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

ColumnFormat format_for(const Cell& cell) {
    if (std::holds_alternative<std::int64_t>(cell)) return {Kind::integer, 1};
    if (std::holds_alternative<double>(cell)) return {Kind::real, 1};
    if (std::holds_alternative<std::string>(cell)) return {Kind::text, kShortestText};
    return {Kind::reals, std::get<std::vector<double>>(cell).size()};
}

}  // namespace

ColumnBuffer::ColumnBuffer(std::string name, std::optional<ColumnFormat> stored)
    : name_(std::move(name)), format_(stored.value_or(ColumnFormat{})), stored_(stored), typed_(stored) {}

bool ColumnBuffer::put(std::size_t row, const Cell& cell) {
    if (row < rows_) return true;
    adopt(cell);
    if (!typed_) return false;
    pad(row);
    if (!fits(cell)) return false;
    push(cell);
    ++rows_;
    return true;
}

void ColumnBuffer::pad(std::size_t rows) {
    for (; rows_ < rows; ++rows_) push_missing();
}

std::size_t ColumnBuffer::row_bytes() const {
    return format_.kind == Kind::text ? format_.width : format_.width * sizeof(double);
}

/// Until it is in the file, a column takes the type of its first cell and widens for later ones.
void ColumnBuffer::adopt(const Cell& cell) {
    if (stored_) return;
    if (!typed_) {
        format_ = format_for(cell);
        typed_ = format_.width > 0;  // an empty vector says nothing
    }
    if (format_.kind == Kind::integer && std::holds_alternative<double>(cell)) become_real();
    if (const auto* text = std::get_if<std::string>(&cell); text && format_.kind == Kind::text)
        format_.width = std::max(format_.width, text->size());
}

void ColumnBuffer::become_real() {
    format_.kind = Kind::real;
    for (const std::int64_t value : integers_)
        reals_.push_back(value == kMissingInteger ? kMissingReal : static_cast<double>(value));
    integers_.clear();
}

bool ColumnBuffer::fits(const Cell& cell) const {
    switch (format_.kind) {
        case Kind::integer:
            return std::holds_alternative<std::int64_t>(cell);
        case Kind::real:
            return std::holds_alternative<double>(cell) || std::holds_alternative<std::int64_t>(cell);
        case Kind::text:
            return std::holds_alternative<std::string>(cell);
        case Kind::reals:
            break;
    }
    const auto* values = std::get_if<std::vector<double>>(&cell);
    return values != nullptr && values->size() == format_.width;
}

void ColumnBuffer::push(const Cell& cell) {
    switch (format_.kind) {
        case Kind::integer:
            integers_.push_back(std::get<std::int64_t>(cell));
            break;
        case Kind::real: {
            const auto* integer = std::get_if<std::int64_t>(&cell);
            reals_.push_back(integer != nullptr ? static_cast<double>(*integer) : std::get<double>(cell));
            break;
        }
        case Kind::text:
            texts_.push_back(std::get<std::string>(cell));
            break;
        case Kind::reals: {
            const auto& values = std::get<std::vector<double>>(cell);
            reals_.insert(reals_.end(), values.begin(), values.end());
            break;
        }
    }
}

void ColumnBuffer::push_missing() {
    switch (format_.kind) {
        case Kind::integer:
            integers_.push_back(kMissingInteger);
            break;
        case Kind::real:
        case Kind::reals:
            reals_.insert(reals_.end(), format_.width, kMissingReal);
            break;
        case Kind::text:
            texts_.emplace_back();
            break;
    }
}

std::string ColumnBuffer::packed_texts(bool& cut) const {
    std::string packed(rows_ * format_.width, '\0');
    for (std::size_t row = 0; row < rows_; ++row) {
        const std::size_t length = cut_length(texts_[row], format_.width);
        cut = cut || length < texts_[row].size();
        packed.replace(row * format_.width, length, texts_[row], 0, length);
    }
    return packed;
}

}  // namespace lockstep::io
