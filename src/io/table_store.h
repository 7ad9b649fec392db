#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "handle.h"
#include "table_inbox.h"
#include "table_stage.h"

namespace lockstep::io {

/// The file side of a TableFile: what is in the file, and what is staged for it. Lives on the executor's
/// thread. Functions that open the file return false, having changed nothing, if another process holds it;
/// all throw IoError.
class TableStore {
public:
    explicit TableStore(std::string path) : path_(std::move(path)) {}

    /// Makes the file anew, under another name first: readers of an old file keep the old one.
    void create();
    /// Reads which tables an existing file has, and cuts columns that a killed writer left unequal.
    bool load();

    /// Takes over rows, attributes and descriptions. A cell that does not fit its column is warned about
    /// once.
    void stage(Delivery delivery);
    /// Appends what is staged, renews the heartbeat. If it throws, what was staged still is, and writing
    /// again is safe.
    bool write();
    /// Cuts tables in the file to their first rows. Precondition: nothing is staged.
    bool truncate(const std::map<std::string, std::uint64_t>& counts);

    /// Writes what is staged into a file of its own. Each table's attribute `first_row` says where its rows
    /// belong.
    void write_pending(const std::string& path);
    /// Stages what write_pending() wrote, unless it is in the file already.
    void stage_pending(const std::string& path);

    bool has_staged() const;
    std::uint64_t staged_rows() const;
    /// Rows of each table, staged ones included.
    std::map<std::string, std::uint64_t> rows() const;

private:
    struct Table {
        std::uint64_t rows = 0;  // in the file
        ColumnFormats columns;   // in the file
        TableStage stage;
    };

    void warn_once(const std::string& key, const std::string& text);
    void require_space() const;
    bool load_table(hid_t file, const std::string& name);
    void cut_columns(hid_t file) const;
    bool adds_names() const;
    bool grows_index(hid_t file) const;
    bool has_column(const std::string& table, const std::string& column) const;
    void append_staged(hid_t file);
    void append_table(ColumnFile& file, const std::string& name, Table& table, std::uint64_t first_row);
    void write_attributes(hid_t file) const;
    void write_descriptions(hid_t file) const;
    void forget_staged();

    std::string path_;
    std::map<std::string, Table> tables_;
    std::map<std::string, Config> attributes_;
    std::vector<Description> descriptions_;  // of columns that have none in the file yet
    std::set<std::string> warned_;
};

}  // namespace lockstep::io
