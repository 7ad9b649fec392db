#include "table_store.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include <lockstep/core/error.h>
#include <lockstep/core/stopwatch.h>
#include <lockstep/log/log.h>

#include "attributes.h"
#include "catalog.h"
#include "file_access.h"
#include "file_system.h"

namespace lockstep::io {

namespace {

constexpr std::uint64_t kSpareBytes = std::uint64_t{1} << 20;  // for what HDF5 adds around the rows

void write_config(hid_t file, const std::string& name, const Config& value, const std::string& path) {
    switch (value.kind()) {
        case Config::Kind::boolean:
            return write_attribute(file, name, std::int64_t{value.as<bool>()}, path);
        case Config::Kind::integer:
            return write_attribute(file, name, value.as<std::int64_t>(), path);
        case Config::Kind::floating:
            return write_attribute(file, name, value.as<double>(), path);
        case Config::Kind::string:
            return write_text(file, name, value.as<std::string>(), path);
        default:
            return write_text(file, name, value.to_json(), path);
    }
}

}  // namespace

void TableStore::create() {
    Handle file;
    TemporaryFile temporary(path_);
    file = create_file(temporary.name(), Format::compatible);
    write_attribute(file.get(), "heartbeat", unix_time(), path_);
    close_file(file, path_);
    temporary.commit();
}

bool TableStore::load() {
    file_size(path_);  // says that the file is missing in fewer words than HDF5
    Handle file = try_open_writable(path_);
    if (!file) return false;
    for (const std::string& name : table_names(list_entries(file.get(), "/", path_)))
        load_table(file.get(), name);
    close_file(file, path_);
    return true;
}

void TableStore::load_table(hid_t file, const std::string& name) {
    ColumnFile columns(file, name, path_);
    Table& table = tables_[name];
    table.columns = columns.formats();
    table.rows = columns.rows(table.columns.begin()->first);
    for (const auto& [column, format] : table.columns)
        table.rows = std::min(table.rows, columns.rows(column));
    for (const auto& [column, format] : table.columns) {
        const std::uint64_t length = columns.rows(column);
        if (length == table.rows) continue;
        columns.resize(column, format, table.rows);
        log::write(log::Level::warning, "io",
                   fmt::format("{}: {}/{} had {} rows, cut to the {} that all columns have", path_, name,
                               column, length, table.rows));
    }
}

void TableStore::stage(Delivery delivery) {
    for (const auto& [name, rows] : delivery.rows) {
        Table& table = tables_[name];
        for (const Row& row : rows)
            if (const std::string column = table.stage.add(row, table.columns); !column.empty())
                warn_once(name + "/" + column,
                          "a value has another type or shape than its column; it is stored as missing");
    }
    for (auto& [name, value] : delivery.attributes) attributes_[name] = std::move(value);
    std::move(delivery.descriptions.begin(), delivery.descriptions.end(), std::back_inserter(descriptions_));
}

void TableStore::warn_once(const std::string& key, const std::string& text) {
    if (warned_.insert(key + text).second)
        log::write(log::Level::warning, "io", path_ + ":" + key + ": " + text);
}

bool TableStore::write() {
    for (auto& [name, table] : tables_) table.stage.finish();
    require_space();
    Handle file = try_open_writable(path_);
    if (!file) return false;
    for (auto& [name, table] : tables_) {
        if (table.stage.rows() == 0) continue;
        ColumnFile columns(file.get(), name, path_);
        append_table(columns, name, table, table.rows);
    }
    write_attributes(file.get());
    write_descriptions(file.get());
    write_attribute(file.get(), "heartbeat", unix_time(), path_);
    close_file(file, path_);
    forget_staged();
    return true;
}

/// HDF5 cannot let go of a file after the disk was full: better not to begin.
void TableStore::require_space() const {
    std::uint64_t needed = kSpareBytes;
    for (const auto& [name, table] : tables_) needed += 2 * table.stage.bytes();
    if (const std::uint64_t free = free_bytes(path_); free < needed)
        throw IoError(
            fmt::format("{}: the disk is full: expected {} bytes free, got {}", path_, needed, free));
}

void TableStore::append_table(ColumnFile& file, const std::string& name, Table& table,
                              std::uint64_t first_row) {
    for (const ColumnBuffer& column : table.stage.columns()) {
        if (!table.columns.contains(column.name())) file.create(column.name(), column.format());
        if (!file.write(column, first_row))
            warn_once(name + "/" + column.name(),
                      fmt::format("a text is longer than the column's {} bytes; it is cut",
                                  column.format().text_bytes));
    }
    const auto is_staged = [&](const std::string& wanted) {
        const auto& staged = table.stage.columns();
        return std::any_of(staged.begin(), staged.end(),
                           [&](const auto& column) { return column.name() == wanted; });
    };
    for (const auto& [column, format] : table.columns)
        if (!is_staged(column)) file.resize(column, format, first_row + table.stage.rows());
}

void TableStore::write_attributes(hid_t file) const {
    for (const auto& [name, value] : attributes_) write_config(file, name, value, path_);
}

/// Keeps those whose column is not there yet.
void TableStore::write_descriptions(hid_t file) {
    std::erase_if(descriptions_, [&](const Description& entry) {
        const auto table = tables_.find(entry.table);
        if (table == tables_.end()) return false;
        const auto& staged = table->second.stage.columns();
        const bool exists = table->second.columns.contains(entry.column) ||
                            std::any_of(staged.begin(), staged.end(),
                                        [&](const auto& c) { return c.name() == entry.column; });
        if (exists) ColumnFile(file, entry.table, path_).describe(entry.column, entry.unit, entry.text);
        return exists;
    });
}

void TableStore::forget_staged() {
    for (auto& [name, table] : tables_) {
        for (const ColumnBuffer& column : table.stage.columns())
            table.columns.try_emplace(column.name(), column.format());
        table.rows += table.stage.rows();
        table.stage.clear();
    }
    attributes_.clear();
}

bool TableStore::truncate(const std::string& table, std::uint64_t count) {
    const auto entry = tables_.find(table);
    if (entry == tables_.end() || entry->second.rows <= count) return true;
    Handle file = try_open_writable(path_);
    if (!file) return false;
    {
        ColumnFile columns(file.get(), table, path_);
        for (const auto& [column, format] : entry->second.columns) columns.resize(column, format, count);
    }
    close_file(file, path_);
    entry->second.rows = count;
    return true;
}

bool TableStore::has_staged() const {
    return staged_rows() > 0 || !attributes_.empty();
}

std::uint64_t TableStore::staged_rows() const {
    std::uint64_t rows = 0;
    for (const auto& [name, table] : tables_) rows += table.stage.rows();
    return rows;
}

std::map<std::string, std::uint64_t> TableStore::rows() const {
    std::map<std::string, std::uint64_t> rows;
    for (const auto& [name, table] : tables_) rows[name] = table.rows + table.stage.rows();
    return rows;
}

}  // namespace lockstep::io
