// What an existing file has, and what of it is cut.
#include <algorithm>

#include <fmt/format.h>

#include <lockstep/log/log.h>

#include "catalog.h"
#include "file_access.h"
#include "file_system.h"
#include "safe_update.h"
#include "table_store.h"

namespace lockstep::io {

bool TableStore::load() {
    file_size(path_);  // says that the file is missing in fewer words than HDF5
    Handle file = try_open_writable(path_);
    if (!file) return false;
    bool unequal = false;
    for (const std::string& name : table_names(list_entries(file.get(), "/", path_)))
        unequal |= load_table(file.get(), name);
    if (unequal) update_in_copy(file, path_, [this](hid_t copy) { cut_columns(copy); });
    return true;
}

/// Whether its columns are of unequal length.
bool TableStore::load_table(hid_t file, const std::string& name) {
    const ColumnFile columns(file, name, path_);
    Table& table = tables_[name];
    table.columns = columns.formats();
    table.rows = columns.rows(table.columns.begin()->first);
    for (const auto& [column, format] : table.columns)
        table.rows = std::min(table.rows, columns.rows(column));
    bool unequal = false;
    for (const auto& [column, format] : table.columns) {
        const std::uint64_t length = columns.rows(column);
        if (length == table.rows) continue;
        unequal = true;
        log::write(log::Level::warning, "io",
                   fmt::format("{}: {}/{} had {} rows, cut to the {} that all columns have", path_, name,
                               column, length, table.rows));
    }
    return unequal;
}

/// To the rows that each table is to have.
void TableStore::cut_columns(hid_t file) const {
    for (const auto& [name, table] : tables_) {
        ColumnFile columns(file, name, path_);
        for (const auto& [column, format] : table.columns) columns.resize(column, format, table.rows);
    }
}

bool TableStore::truncate(const std::map<std::string, std::uint64_t>& counts) {
    Handle file = try_open_writable(path_);
    if (!file) return false;
    for (const auto& [name, count] : counts) tables_.at(name).rows = count;
    update_in_copy(file, path_, [this](hid_t copy) { cut_columns(copy); });
    return true;
}

}  // namespace lockstep::io
