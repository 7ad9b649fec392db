// The rows that found no way into the file before its writer ended, and their way back.
#include <filesystem>

#include "attributes.h"
#include "catalog.h"
#include "file_access.h"
#include "file_system.h"
#include "table_store.h"

namespace lockstep::io {

namespace {

Config read_config(hid_t file, const std::string& name, const std::string& path) {
    const Handle attribute(check(H5Aopen(file, name.c_str(), H5P_DEFAULT), "H5Aopen", path));
    const Handle type(check(H5Aget_type(attribute.get()), "H5Aget_type", path));
    const H5T_class_t kind = H5Tget_class(type.get());
    if (kind == H5T_INTEGER) return read_integer(file, name, path);
    if (kind == H5T_FLOAT) return read_real(file, name, path);
    return read_text(file, name, path);
}

std::vector<std::pair<std::string, Config>> read_attributes(hid_t file, const std::string& path) {
    std::vector<std::pair<std::string, Config>> attributes;
    for (const std::string& name : attribute_names(file, path))
        attributes.emplace_back(name, read_config(file, name, path));
    return attributes;
}

std::vector<Row> read_rows(const ColumnFile& table) {
    std::vector<Row> rows;
    for (const auto& [column, format] : table.formats()) {
        const std::vector<Cell> cells = table.read(column, format);
        rows.resize(std::max(rows.size(), cells.size()));
        for (std::size_t i = 0; i < cells.size(); ++i) rows[i].emplace_back(column, cells[i]);
    }
    return rows;
}

}  // namespace

void TableStore::write_pending(const std::string& path) {
    Handle file;
    TemporaryFile temporary(path);
    file = create_file(temporary.name(), Format::compatible);
    for (const auto& [name, table] : tables_) {
        if (table.stage.rows() == 0) continue;
        ColumnFile columns(file.get(), name, path);
        for (const ColumnBuffer& column : table.stage.columns()) {
            columns.create(column.name(), column.format());
            columns.write(column, 0);
        }
        write_attribute(columns.group(), "first_row", static_cast<std::int64_t>(table.rows), path);
    }
    write_attributes(file.get());
    close_file(file, path);
    temporary.commit();
    forget_staged();
}

void TableStore::stage_pending(const std::string& path) {
    const Handle file = open_file(path);
    Delivery delivery;
    delivery.attributes = read_attributes(file.get(), path);
    for (const std::string& name : table_names(list_entries(file.get(), "/", path))) {
        const ColumnFile table(file.get(), name, path);
        const auto first_row = static_cast<std::uint64_t>(read_integer(table.group(), "first_row", path));
        if (tables_[name].rows <= first_row) delivery.rows[name] = read_rows(table);
    }
    stage(std::move(delivery));
}

}  // namespace lockstep::io
