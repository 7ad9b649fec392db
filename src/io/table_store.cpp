#include "table_store.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include <lockstep/core/error.h>
#include <lockstep/core/stopwatch.h>
#include <lockstep/log/log.h>

#include "attributes.h"
#include "file_access.h"
#include "file_system.h"
#include "safe_update.h"

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
    const Change append = [this](hid_t target) { append_staged(target); };
    adds_names() || grows_index(file.get()) ? update_in_copy(file, path_, append)
                                            : update_in_place(file, path_, append);
    forget_staged();
    return true;
}

/// Whether what is staged is more than rows of columns that are there.
bool TableStore::adds_names() const {
    const auto adds_column = [](const auto& entry) {
        const Table& table = entry.second;
        const auto is_new = [&](const ColumnBuffer& column) {
            return !table.columns.contains(column.name());
        };
        return table.stage.rows() > 0 &&
               (table.columns.empty() || std::ranges::any_of(table.stage.columns(), is_new));
    };
    const auto describes = [this](const Description& entry) { return has_column(entry.table, entry.column); };
    return !attributes_.empty() || std::ranges::any_of(tables_, adds_column) ||
           std::ranges::any_of(descriptions_, describes);
}

bool TableStore::grows_index(hid_t file) const {
    const auto grows = [&](const auto& entry) {
        const Table& table = entry.second;
        if (table.stage.rows() == 0) return false;
        const ColumnFile columns(file, entry.first, path_);
        return std::ranges::any_of(table.stage.columns(), [&](const ColumnBuffer& column) {
            return columns.grows_index(column, table.rows);
        });
    };
    return std::ranges::any_of(tables_, grows);
}

void TableStore::append_staged(hid_t file) {
    for (auto& [name, table] : tables_) {
        if (table.stage.rows() == 0) continue;
        ColumnFile columns(file, name, path_);
        append_table(columns, name, table, table.rows);
    }
    write_attributes(file);
    write_descriptions(file);
    write_attribute(file, "heartbeat", unix_time(), path_);
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
    for (const auto& [column, format] : table.columns)
        if (!table.stage.has_column(column)) file.resize(column, format, first_row + table.stage.rows());
}

void TableStore::write_attributes(hid_t file) const {
    for (const auto& [name, value] : attributes_) write_config(file, name, value, path_);
}

/// In the file, or staged for it.
bool TableStore::has_column(const std::string& table, const std::string& column) const {
    const auto entry = tables_.find(table);
    return entry != tables_.end() &&
           (entry->second.columns.contains(column) || entry->second.stage.has_column(column));
}

/// Of the columns that are there.
void TableStore::write_descriptions(hid_t file) const {
    for (const Description& entry : descriptions_)
        if (has_column(entry.table, entry.column))
            ColumnFile(file, entry.table, path_).describe(entry.column, entry.unit, entry.text);
}

void TableStore::forget_staged() {
    for (auto& [name, table] : tables_) {
        for (const ColumnBuffer& column : table.stage.columns())
            table.columns.try_emplace(column.name(), column.format());
        table.rows += table.stage.rows();
        table.stage.clear();
    }
    attributes_.clear();
    std::erase_if(descriptions_,
                  [this](const Description& entry) { return has_column(entry.table, entry.column); });
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
