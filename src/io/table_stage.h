#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "column_buffer.h"
#include "column_file.h"

namespace lockstep::io {

/// One table's rows as typed columns, between the training thread and the file.
class TableStage {
public:
    /// `stored`: the columns that are in the file already. Returns the name of a column that could not take
    /// its cell; "" if all could.
    std::string add(const Row& row, const ColumnFormats& stored);
    /// Makes all columns equally long, and drops those that never got a cell.
    void finish();
    void clear();

    bool has_column(const std::string& name) const;
    const std::vector<ColumnBuffer>& columns() const { return columns_; }
    std::size_t rows() const { return rows_; }
    std::size_t bytes() const;

private:
    ColumnBuffer& column(const std::string& name, std::size_t guess, const ColumnFormats& stored);

    std::vector<ColumnBuffer> columns_;
    std::size_t rows_ = 0;
};

}  // namespace lockstep::io
