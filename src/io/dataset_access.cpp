#include "dataset_access.h"

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

}  // namespace

Handle open_dataset(hid_t file, const std::string& name, Links links, const std::string& path) {
    const std::string where = path + ":" + name;
    if (!exists(file, name, links, path)) throw_missing(file, name, path);
    const Handle caching(check(H5Pcreate(H5P_DATASET_ACCESS), "H5Pcreate", where));
    constexpr std::size_t kSlots = 12421;  // a prime, some 100 times the number of chunks that fit
    constexpr std::size_t kCacheBytes = std::size_t{64} << 20;
    check(H5Pset_chunk_cache(caching.get(), kSlots, kCacheBytes, H5D_CHUNK_CACHE_W0_DEFAULT),
          "H5Pset_chunk_cache", where);
    const Handle object(H5Oopen(file, name.c_str(), H5P_DEFAULT));
    if (!object) throw DataError(where + ": cannot open: " + last_error().text);
    if (H5Iget_type(object.get()) != H5I_DATASET) throw_missing(file, name, path);
    Handle dataset(check(H5Dopen2(file, name.c_str(), caching.get()), "H5Dopen2", where));
    require_safe_storage(dataset.get(), links, where);
    return dataset;
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
