#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <lockstep/io/table_file.h>
#include <lockstep/train/logs.h>

#include "columns.h"

namespace lockstep {

/// One table of a run log: columns of its own, then one for each key of the logs. A row is made once, with
/// all names, and then copied, so that a row per step costs little.
class LogTable {
public:
    /// What a table holds of the logs: the values of whole epochs; or of batches, the running mean and, as
    /// batch_<key>, the batch alone.
    enum class Values { epoch, batch };

    /// `name`: "/epochs".
    LogTable(std::string name, std::vector<ColumnMeaning> columns, Values values);

    const std::string& name() const { return name_; }
    /// `own`: cells of the table's own columns, in order. `batch_logs` counts for Values::batch only: a key
    /// that it lacks is NaN.
    void append(io::TableFile& file, std::span<const io::Cell> own, const Logs& logs, const Logs& batch_logs);

private:
    bool fits(const Logs& logs) const;
    void make_row(io::TableFile& file, const Logs& logs);
    void describe(io::TableFile& file, const std::string& key) const;
    std::size_t cells_per_key() const { return values_ == Values::batch ? 2 : 1; }

    std::string name_;
    std::vector<ColumnMeaning> columns_;
    Values values_;
    io::Row row_;  // empty: not made yet
};

}  // namespace lockstep
