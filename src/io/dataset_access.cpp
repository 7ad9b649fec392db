#include "dataset_access.h"

#include <algorithm>

#include <fmt/format.h>

#include <lockstep/core/error.h>

#include "catalog.h"
#include "storage.h"

namespace lockstep::io {

namespace {

[[noreturn]] void throw_missing(hid_t file, const std::string& name, const std::string& path) {
    throw DataError(path + ": there is no dataset " + name + "; the file has " +
                    describe_datasets(file, path));
}

bool is_boolean(hid_t type) {
    return H5Tget_class(type) == H5T_ENUM && H5Tget_nmembers(type) == 2;
}

void require_numbers(hid_t dataset, const std::string& where) {
    const Handle type(check(H5Dget_type(dataset), "H5Dget_type", where));
    const H5T_class_t kind = H5Tget_class(type.get());
    if (kind != H5T_INTEGER && kind != H5T_FLOAT && !is_boolean(type.get()))
        throw DataError(where + ": expected integers, floating values or booleans, got " +
                        describe_type(type.get()));
}

/// An access list with a cache that has room for a chunk, however large: otherwise every read of a few of its
/// rows would unpack it again. No more than that, as there may be many datasets.
Handle chunk_caching(hid_t dataset, const std::string& where) {
    constexpr std::size_t kSlots = 12421;  // a prime, far above the number of chunks that fit
    constexpr hsize_t kLeastBytes = hsize_t{1} << 20;
    Handle list(check(H5Pcreate(H5P_DATASET_ACCESS), "H5Pcreate", where));
    check(H5Pset_chunk_cache(list.get(), kSlots, std::max(kLeastBytes, chunk_bytes(dataset, where)),
                             H5D_CHUNK_CACHE_W0_DEFAULT),
          "H5Pset_chunk_cache", where);
    return list;
}

}  // namespace

Handle open_dataset(hid_t file, const std::string& name, Links links, const std::string& path) {
    const std::string where = path + ":" + name;
    if (!exists(file, name, links, path)) throw_missing(file, name, path);
    Handle object(H5Oopen(file, name.c_str(), H5P_DEFAULT));
    if (!object) throw DataError(where + ": cannot open: " + last_error().text);
    if (H5Iget_type(object.get()) != H5I_DATASET) throw_missing(file, name, path);
    require_safe_storage(object.get(), links, where);
    const Handle caching = chunk_caching(object.get(), where);
    object.close("H5Oclose", where);  // HDF5 keeps the cache of a dataset that is open
    return Handle(check(H5Dopen2(file, name.c_str(), caching.get()), "H5Dopen2", where));
}

Handle open_numbers(hid_t file, const std::string& name, Links links, const std::string& path) {
    Handle dataset = open_dataset(file, name, links, path);
    require_numbers(dataset.get(), path + ":" + name);
    return dataset;
}

Handle select_box(hid_t dataset, const hsize_t* start, const hsize_t* count, const std::string& path) {
    Handle space(check(H5Dget_space(dataset), "H5Dget_space", path));
    if (H5Sget_simple_extent_ndims(space.get()) == 0) return space;
    check(H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start, nullptr, count, nullptr),
          "H5Sselect_hyperslab", path);
    return space;
}

Handle flat_space(hsize_t count, const std::string& path) {
    return box_space({&count, 1}, path);
}

Handle box_space(std::span<const hsize_t> extents, const std::string& path) {
    return Handle(check(H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr),
                        "H5Screate_simple", path));
}

}  // namespace lockstep::io
