#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "csv_column.h"

namespace lockstep {

/// The columns of a CSV log: those that are given, and behind them, unless the user chose all, those of the
/// keys of the logs.
class CsvSheet {
public:
    struct Layout {
        std::vector<CsvColumn> given;
        bool chosen;   // by the user: there are no others
        bool batches;  // rows per batch
        std::string separator;
    };

    explicit CsvSheet(Layout layout);

    /// Whether all columns are known before the logs are.
    bool is_complete() const { return layout_.chosen || columns_.size() > layout_.given.size(); }
    /// Only the given columns.
    void reset() { columns_ = layout_.given; }
    /// Those of an existing file. False, and nothing changes, if it is of another kind.
    bool adopt(const std::vector<std::string>& header);
    /// How a header of this kind begins.
    std::string given_header() const;

    /// Adds columns for a key of the logs, unless it has one or the user chose all: per batch, also for the
    /// batch alone.
    void add(const std::string& key);
    std::size_t size() const { return columns_.size(); }
    /// Undoes what add() did since the size was `count`.
    void drop_behind(std::size_t count);

    std::string header() const;
    std::string record(const LogRow& row);
    /// What a record of the first `count` columns lacks: NA for each of the others.
    std::string padding(std::size_t count) const;

    /// Headers of columns that the user chose and the row's logs lack. A value of the validation may come
    /// later.
    std::vector<std::string> unknown(const LogRow& row) const;

private:
    Layout layout_;
    std::vector<CsvColumn> columns_;
    std::vector<std::string> cells_;  // of a record
};

}  // namespace lockstep
