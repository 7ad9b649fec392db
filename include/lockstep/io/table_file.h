#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <lockstep/core/config.h>

namespace lockstep::io {

/// A cell of several numbers: `values` in row-major order, as many as the product of `shape` says.
template <typename T>
struct Array {
    std::vector<T> values;
    std::vector<std::size_t> shape;
};

/// One value of a row. Missing: NaN, -1 for integers, "" for strings. A vector is an array of one axis.
using Cell =
    std::variant<std::int64_t, double, std::string, std::vector<double>, Array<double>, Array<std::int64_t>>;

/// Column name -> value; the order does not matter.
using Row = std::vector<std::pair<std::string, Cell>>;

/// A growing HDF5 file of tables that others may read at any time: run.h5.
///
/// Every table is a group of columns of equal length, one dataset each, chunked, extendible, uncompressed (a
/// torn compressed chunk loses rows that were safe): int64, float64 or fixed-length text [rows], int64 or
/// float64 [rows, shape...] for arrays. Text is labelled UTF-8, or ASCII if the column's first flush is:
/// Octave reads no other. Rows are buffered. Each flush opens the file, appends to every column, renews the
/// root's attribute `heartbeat` (Unix seconds) and closes it. HDF5 locks the file meanwhile, so that a plain
/// reader never sees unequal columns. If a reader holds the file, or the disk is full, rows wait in memory.
///
/// A kill at any moment leaves a file that plain readers read, with all rows of the flushes before; those of
/// a flush that it ended may be there, be missing values, or be in some columns only. For that a flush that
/// adds more than rows (tables, columns, attributes, now and then a level of an index: every 32 chunks of
/// 1024 rows) changes a copy of the file, which takes its name; readers of the old one keep it.
///
/// A column that appears late is back-filled. A column takes its type and shape from its first cell (an empty
/// array does not count), and integers serve as floating values; a cell that does not fit is stored as
/// missing, with one warning. All functions but close() may be called from any thread.
class TableFile {
public:
    struct Options {
        std::chrono::milliseconds flush_interval{2000};
        std::chrono::milliseconds warn_after{30000};  // rows that waited so long get one warning
        std::chrono::milliseconds final_wait{
            60000};           // how long close(), truncate() and opening wait for a reader
        bool append = false;  // continue an existing file
    };

    /// Creates the file at once, in place of an older one (whose readers keep it), or opens it, with
    /// `append`: columns that a killed writer left unequal are cut to the shortest, and <stem>.pending.h5 is
    /// merged. Throws IoError.
    TableFile(std::string path, Options options);
    /// close(), but an error is only logged.
    ~TableFile();
    TableFile(const TableFile&) = delete;
    TableFile& operator=(const TableFile&) = delete;

    /// Says what a column means: attributes `unit` and `description`. May be called before the column exists.
    void describe(const std::string& table, const std::string& column, const std::string& unit,
                  const std::string& description);

    /// Adds a row to `table` ("/epochs", "/gradients/dense/kernel"). Never waits for the file. A text column
    /// is as long as the longest text of its first flush, at least 16 bytes; longer texts are cut, with one
    /// warning.
    void append(const std::string& table, Row row);

    /// Sets an attribute of the root at the next flush: text, integer, floating or boolean (0, 1); JSON for a
    /// tree. A text above 32 KiB becomes the dataset /text/<name>.
    void attribute(const std::string& name, const Config& value);

    /// Writes what is buffered now, on the writing thread; returns at once.
    void flush_soon();
    /// Writes what is buffered, now, on the calling thread's time. False if it could not be written because a
    /// reader holds the file or the disk is full: the rows are kept for the next flush.
    bool flush();

    /// Number of rows of `table`, buffered ones included; 0 if there is none.
    std::uint64_t rows(const std::string& table) const;

    /// Flushes and cuts tables to their first `counts[name]` rows. No other thread may append to them
    /// meanwhile. Throws IoError.
    void truncate(std::map<std::string, std::uint64_t> counts);
    /// Names of all tables, in order.
    std::vector<std::string> tables() const;

    /// Flushes and stops; nothing may be appended afterwards. Rows that cannot be written within `final_wait`
    /// go to <stem>.pending.h5, and the log says so. Throws IoError if they can be written nowhere.
    void close();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace lockstep::io
