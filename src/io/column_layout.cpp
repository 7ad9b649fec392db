#include "column_layout.h"

#include <algorithm>
#include <limits>
#include <span>

#include <lockstep/core/error.h>

#include "attributes.h"
#include "blocks.h"
#include "catalog.h"
#include "dataset_access.h"
#include "storage.h"

namespace lockstep::io {

namespace {

using Kind = ColumnFormat::Kind;

constexpr hsize_t kChunkRows = 1024;
constexpr hsize_t kChunkBytes = 65536;  // of columns whose cells are longer than a number

Handle text_column_type(const ColumnFormat& format) {
    return text_type(format.text_bytes, format.is_ascii);
}

/// Many rows of short cells; of a long cell, a part.
std::vector<hsize_t> chunk_for(const ColumnFormat& format) {
    const hsize_t bytes = format.cell_bytes();
    const hsize_t rows =
        bytes == sizeof(double) ? kChunkRows : std::clamp<hsize_t>(kChunkBytes / bytes, 1, kChunkRows);
    const std::vector<hsize_t> cell(format.shape.begin(), format.shape.end());
    std::vector<hsize_t> chunk = block_extents(cell, kPieceBytes / sizeof(double));
    chunk.insert(chunk.begin(), rows);
    return chunk;
}

/// A cell of an empty column is as large as the file says: later rows would need memory for it.
void require_possible_cell(const ColumnFormat& format, hsize_t rows, const std::string& where) {
    const hsize_t bytes = format.kind == Kind::text ? format.text_bytes : format.cell_values();
    if (rows == 0 && bytes > kMostUnwritten)
        throw DataError(where + ": claims cells of " + std::to_string(bytes) +
                        (format.kind == Kind::text ? " bytes" : " numbers") +
                        ", and has no rows: it is damaged");
}

ColumnFormat claimed_format(hid_t dataset, const std::vector<hsize_t>& extents, const std::string& where) {
    const Handle type(check(H5Dget_type(dataset), "H5Dget_type", where));
    const H5T_class_t kind = H5Tget_class(type.get());
    if (!extents.empty() && element_count(std::span(extents).subspan(1)) > 0) {
        const std::vector<std::size_t> shape(extents.begin() + 1, extents.end());
        if (kind == H5T_FLOAT) return {.kind = Kind::real, .shape = shape};
        if (kind == H5T_INTEGER) return {.kind = Kind::integer, .shape = shape};
        if (kind == H5T_STRING && shape.empty() && H5Tis_variable_str(type.get()) == 0)
            return {.kind = Kind::text,
                    .text_bytes = H5Tget_size(type.get()),
                    .is_ascii = H5Tget_cset(type.get()) == H5T_CSET_ASCII};
    }
    throw DataError(where + ": expected a column of int64, float64 or fixed-length text, got " +
                    describe_type(type.get()) + " " + describe_extents(extents));
}

}  // namespace

Handle stored_type(const ColumnFormat& format) {
    if (format.kind == Kind::text) return text_column_type(format);
    return Handle(
        check(H5Tcopy(format.kind == Kind::integer ? H5T_STD_I64LE : H5T_IEEE_F64LE), "H5Tcopy", "column"));
}

Handle memory_type(const ColumnFormat& format) {
    if (format.kind == Kind::text) return text_column_type(format);
    return Handle(check(H5Tcopy(format.kind == Kind::integer ? H5T_NATIVE_INT64 : H5T_NATIVE_DOUBLE),
                        "H5Tcopy", "column"));
}

std::vector<hsize_t> extents_for(const ColumnFormat& format, std::uint64_t rows) {
    std::vector<hsize_t> extents{rows};
    extents.insert(extents.end(), format.shape.begin(), format.shape.end());
    return extents;
}

Handle creation_list(const ColumnFormat& format, const std::string& where) {
    Handle list(check(H5Pcreate(H5P_DATASET_CREATE), "H5Pcreate", where));
    const std::vector<hsize_t> chunk = chunk_for(format);
    check(H5Pset_chunk(list.get(), static_cast<int>(chunk.size()), chunk.data()), "H5Pset_chunk", where);
    const double nan = std::numeric_limits<double>::quiet_NaN();
    if (format.kind == Kind::integer)
        check(H5Pset_fill_value(list.get(), H5T_NATIVE_INT64, &kMissingInteger), "H5Pset_fill_value", where);
    else if (format.kind != Kind::text)
        check(H5Pset_fill_value(list.get(), H5T_NATIVE_DOUBLE, &nan), "H5Pset_fill_value", where);
    return list;
}

ColumnFormat format_of(hid_t dataset, const std::string& where) {
    const std::vector<hsize_t> extents = extents_of(dataset, where);
    ColumnFormat format = claimed_format(dataset, extents, where);
    require_possible_cell(format, extents[0], where);
    return format;
}

}  // namespace lockstep::io
