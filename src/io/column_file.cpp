#include "column_file.h"

#include <algorithm>
#include <cstring>

#include <lockstep/core/error.h>

#include "attributes.h"
#include "blocks.h"
#include "catalog.h"
#include "chunk_index.h"
#include "column_layout.h"
#include "dataset_access.h"
#include "storage.h"

namespace lockstep::io {

namespace {

using Kind = ColumnFormat::Kind;

Handle make_or_open_group(hid_t file, const std::string& table, const std::string& path) {
    if (exists(file, table, Links::never, path))
        return Handle(check(H5Gopen2(file, table.c_str(), H5P_DEFAULT), "H5Gopen2", path + ":" + table));
    const Handle links(check(H5Pcreate(H5P_LINK_CREATE), "H5Pcreate", path));
    check(H5Pset_create_intermediate_group(links.get(), 1), "H5Pset_create_intermediate_group", path);
    return Handle(check(H5Gcreate2(file, table.c_str(), links.get(), H5P_DEFAULT, H5P_DEFAULT), "H5Gcreate2",
                        path + ":" + table));
}

std::string unpadded(const char* text, std::size_t width) {
    return {text, std::find(text, text + width, '\0')};
}

template <typename T>
Array<T> array_at(const char* bytes, const ColumnFormat& format) {
    Array<T> array{.values = std::vector<T>(format.cell_values()), .shape = format.shape};
    std::memcpy(array.values.data(), bytes, format.cell_bytes());
    return array;
}

Cell cell_at(const char* bytes, const ColumnFormat& format) {
    switch (format.kind) {
        case Kind::text:
            return unpadded(bytes, format.text_bytes);
        case Kind::integer:
            return array_at<std::int64_t>(bytes, format);
        case Kind::real:
            break;
    }
    return array_at<double>(bytes, format);
}

}  // namespace

ColumnFile::ColumnFile(hid_t file, const std::string& table, std::string path)
    : table_(table), path_(std::move(path)), group_(make_or_open_group(file, table, path_)) {}

/// Rows go into this very file, whatever the name of the column has become.
Handle ColumnFile::open(const std::string& column) const {
    exists(group_.get(), column, Links::never, path_ + ":" + table_);
    Handle dataset(check(H5Dopen2(group_.get(), column.c_str(), H5P_DEFAULT), "H5Dopen2", where(column)));
    require_own_bytes(dataset.get(), Links::never, where(column));
    return dataset;
}

void ColumnFile::create(const std::string& column, const ColumnFormat& format) {
    if (exists(group_.get(), column, Links::never, path_ + ":" + table_))
        return;  // left by a flush that failed at its end
    const std::vector<hsize_t> extents = extents_for(format, 0);
    std::vector<hsize_t> limits = extents;
    limits[0] = H5S_UNLIMITED;
    const Handle space(
        check(H5Screate_simple(static_cast<int>(extents.size()), extents.data(), limits.data()),
              "H5Screate_simple", where(column)));
    const Handle creation = creation_list(format, where(column));
    Handle dataset(check(H5Dcreate2(group_.get(), column.c_str(), stored_type(format).get(), space.get(),
                                    H5P_DEFAULT, creation.get(), H5P_DEFAULT),
                         "H5Dcreate2", where(column)));
    dataset.close("H5Dclose", where(column));
}

void ColumnFile::resize(const std::string& column, const ColumnFormat& format, std::uint64_t rows) {
    Handle dataset = open(column);
    check(H5Dset_extent(dataset.get(), extents_for(format, rows).data()), "H5Dset_extent", where(column));
    dataset.close("H5Dclose", where(column));
}

bool ColumnFile::write(const ColumnBuffer& buffer, std::uint64_t first_row) {
    const std::string place = where(buffer.name());
    const ColumnFormat& format = buffer.format();
    Handle dataset = open(buffer.name());
    check(H5Dset_extent(dataset.get(), extents_for(format, first_row + buffer.rows()).data()),
          "H5Dset_extent", place);
    bool cut = false;
    std::string texts;
    const void* values = buffer.reals().data();
    if (format.kind == Kind::integer) values = buffer.integers().data();
    if (format.kind == Kind::text) values = (texts = buffer.packed_texts(cut)).data();
    const std::vector<hsize_t> count = extents_for(format, buffer.rows());
    std::vector<hsize_t> start(count.size(), 0);
    start[0] = first_row;
    const Handle box = select_box(dataset.get(), start.data(), count.data(), place);
    const Handle memory = flat_space(element_count(count), place);
    check(H5Dwrite(dataset.get(), memory_type(format).get(), memory.get(), box.get(), H5P_DEFAULT, values),
          "H5Dwrite", place);
    dataset.close("H5Dclose", place);
    return !cut;
}

bool ColumnFile::grows_index(const ColumnBuffer& buffer, std::uint64_t first_row) const {
    const Handle dataset = open(buffer.name());
    return adds_index_nodes(dataset.get(), first_row, buffer.rows(), where(buffer.name()));
}

void ColumnFile::describe(const std::string& column, const std::string& unit, const std::string& text) {
    const Handle dataset = open(column);
    write_attribute(dataset.get(), "unit", unit, where(column));
    write_attribute(dataset.get(), "description", text, where(column));
}

ColumnFormats ColumnFile::formats() const {
    ColumnFormats formats;
    for (const Entry& entry : list_entries(group_.get(), ".", path_)) {
        const std::string column = entry.name.substr(2);  // behind "./"
        if (!entry.is_dataset() || column.find('/') != std::string::npos) continue;
        const Handle dataset = open(column);
        require_safe_storage(dataset.get(), Links::never, where(column));
        formats[column] = format_of(dataset.get(), where(column));
    }
    return formats;
}

std::uint64_t ColumnFile::rows(const std::string& column) const {
    return extents_of(open(column).get(), where(column))[0];
}

std::vector<Cell> ColumnFile::read(const std::string& column, const ColumnFormat& format) const {
    const Handle dataset = open(column);
    const std::uint64_t count = rows(column);
    if (count > kMostUnwritten / sizeof(double) && count > H5Dget_storage_size(dataset.get()))
        throw DataError(where(column) + ": claims " + std::to_string(count) +
                        " rows, but was never written: it is damaged");
    std::vector<char> bytes(count * format.cell_bytes());
    check(H5Dread(dataset.get(), memory_type(format).get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()),
          "H5Dread", where(column));
    std::vector<Cell> cells;
    for (std::size_t row = 0; row < count; ++row)
        cells.push_back(cell_at(bytes.data() + row * format.cell_bytes(), format));
    return cells;
}

}  // namespace lockstep::io
