#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <lockstep/io/table_file.h>

namespace lockstep::io {

/// How a column is stored. What is in the file is fixed; a column that is not yet there may still widen.
struct ColumnFormat {
    enum class Kind { integer, real, text };
    Kind kind = Kind::real;
    std::vector<std::size_t> shape = {};  // of a cell; {}: one value
    std::size_t text_bytes = 0;           // in a cell of kind text
    bool is_ascii = true;                 // of kind text: the label in the file, ASCII or UTF-8

    std::size_t cell_values() const;
    std::size_t cell_bytes() const;
    bool operator==(const ColumnFormat&) const = default;
};

constexpr std::int64_t kMissingInteger = -1;

/// The cells of one column that wait for the file, one per row.
class ColumnBuffer {
public:
    /// Without a format the first cell decides.
    ColumnBuffer(std::string name, const std::optional<ColumnFormat>& stored);

    /// Sets the cell of `row`; rows in between are missing. A second cell for the same row is dropped. False
    /// if the cell does not fit the column's type or shape (it is missing then). Integers serve as reals.
    /// Precondition: `row` never falls.
    bool put(std::size_t row, const Cell& cell);
    /// Rows up to `rows` that were not put are missing.
    void pad(std::size_t rows);

    const std::string& name() const { return name_; }
    const ColumnFormat& format() const { return format_; }
    /// False until a first cell said what the column is; such a column is not written.
    bool typed() const { return typed_; }
    std::size_t rows() const { return rows_; }
    std::size_t bytes() const { return rows_ * format_.cell_bytes(); }

    const std::vector<std::int64_t>& integers() const { return integers_; }
    const std::vector<double>& reals() const { return reals_; }
    /// rows() * text_bytes bytes; texts are padded with zeros and cut between characters. Sets `cut` if one
    /// was.
    std::string packed_texts(bool& cut) const;

private:
    void push(std::span<const std::int64_t> integers, std::span<const double> reals, const std::string* text);
    void become_real();

    std::string name_;
    ColumnFormat format_;
    bool stored_;
    bool typed_;
    std::size_t rows_ = 0;
    std::vector<std::int64_t> integers_;
    std::vector<double> reals_;
    std::vector<std::string> texts_;
};

}  // namespace lockstep::io
