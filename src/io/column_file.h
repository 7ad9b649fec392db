#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <hdf5.h>

#include "column_buffer.h"
#include "handle.h"

namespace lockstep::io {

using ColumnFormats = std::map<std::string, ColumnFormat>;

/// One table in an open file: a group with one extendible dataset per column. All functions throw IoError.
class ColumnFile {
public:
    /// `path` is for messages. The group is made if it is not there.
    ColumnFile(hid_t file, const std::string& table, std::string path);

    /// Makes an empty column, unless it is there.
    void create(const std::string& column, const ColumnFormat& format);
    /// Sets the length of a column; new rows are missing.
    void resize(const std::string& column, const ColumnFormat& format, std::uint64_t rows);
    /// Makes the column first_row + buffer.rows() long and writes the buffer's rows at its end. Writing the
    /// same rows again changes nothing. Returns false if a text had to be cut.
    bool write(const ColumnBuffer& buffer, std::uint64_t first_row);
    /// Whether write() with the same arguments adds nodes to the index of the column's chunks.
    bool grows_index(const ColumnBuffer& buffer, std::uint64_t first_row) const;
    void describe(const std::string& column, const std::string& unit, const std::string& text);

    /// All columns as they are in the file. Throws DataError if one has a type that no TableFile writes.
    ColumnFormats formats() const;
    std::uint64_t rows(const std::string& column) const;
    /// Reads a whole column, one cell per row.
    std::vector<Cell> read(const std::string& column, const ColumnFormat& format) const;

    hid_t group() const { return group_.get(); }

private:
    std::string where(const std::string& column) const { return path_ + ":" + table_ + "/" + column; }
    Handle open(const std::string& column) const;

    std::string table_;
    std::string path_;
    Handle group_;
};

}  // namespace lockstep::io
