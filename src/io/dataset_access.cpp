#include "dataset_access.h"

#include <array>

#include <fmt/format.h>

#include <lockstep/core/error.h>

#include "catalog.h"

namespace lockstep::io {

namespace {

constexpr const char* kHowToAllow =
    "it could name any file of this machine and is refused; set allow_links = true if you trust the file";

[[noreturn]] void throw_missing(hid_t file, const std::string& name, const std::string& path) {
    throw DataError(path + ": there is no dataset " + name + "; the file has " +
                    describe_datasets(file, path));
}

/// Looks at every link on the way from the root to `name`.
void require_hard_links(hid_t file, const std::string& name, const std::string& path) {
    for (std::size_t end = 0; end != std::string::npos;) {
        end = name.find('/', end + 1);
        const std::string part = name.substr(0, end);
        if (part.empty() || part == "/") continue;
        if (H5Lexists(file, part.c_str(), H5P_DEFAULT) <= 0) throw_missing(file, name, path);
        H5L_info_t info{};
        check(H5Lget_info(file, part.c_str(), &info, H5P_DEFAULT), "H5Lget_info", path);
        if (info.type == H5L_TYPE_HARD) continue;
        const char* kind = info.type == H5L_TYPE_SOFT ? "a soft link" : "an external link";
        throw DataError(fmt::format("{}: {} is {}: {}", path, part, kind, kHowToAllow));
    }
}

void require_own_bytes(hid_t layout, const std::string& where) {
    if (H5Pget_layout(layout) == H5D_VIRTUAL)
        throw DataError(where + " is a virtual dataset: " + kHowToAllow);
    if (H5Pget_external_count(layout) > 0)
        throw DataError(where + " lies in an external file: " + kHowToAllow);
}

/// Other filters would make HDF5 load plugins, which are programs.
void require_known_filters(hid_t layout, const std::string& where) {
    const int count = check(H5Pget_nfilters(layout), "H5Pget_nfilters", where);
    for (int i = 0; i < count; ++i) {
        std::array<char, 64> name{};
        unsigned flags = 0;
        std::size_t values = 0;
        const H5Z_filter_t filter = check(H5Pget_filter2(layout, static_cast<unsigned>(i), &flags, &values,
                                                         nullptr, name.size() - 1, name.data(), nullptr),
                                          "H5Pget_filter2", where);
        const bool known = filter == H5Z_FILTER_DEFLATE || filter == H5Z_FILTER_SHUFFLE ||
                           filter == H5Z_FILTER_FLETCHER32 || filter == H5Z_FILTER_SZIP;
        if (!known || H5Zfilter_avail(filter) <= 0)
            throw DataError(
                fmt::format("{} uses the filter {} (\"{}\"); expected none, deflate, shuffle, fletcher32 or "
                            "szip; convert the file with: h5repack -f GZIP=4 IN OUT",
                            where, filter, name.data()));
    }
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
    if (links == Links::refuse) require_hard_links(file, name, path);
    const Handle caching(check(H5Pcreate(H5P_DATASET_ACCESS), "H5Pcreate", where));
    constexpr std::size_t kSlots = 12421;  // a prime, some 100 times the number of chunks that fit
    constexpr std::size_t kCacheBytes = std::size_t{64} << 20;
    check(H5Pset_chunk_cache(caching.get(), kSlots, kCacheBytes, H5D_CHUNK_CACHE_W0_DEFAULT),
          "H5Pset_chunk_cache", where);
    const Handle object(H5Oopen(file, name.c_str(), H5P_DEFAULT));
    if (!object) {
        const std::string reason = last_error().text;
        if (H5Lexists(file, name.c_str(), H5P_DEFAULT) <= 0) throw_missing(file, name, path);
        throw DataError(where + ": cannot open: " + reason);
    }
    if (H5Iget_type(object.get()) != H5I_DATASET) throw_missing(file, name, path);
    Handle dataset(check(H5Dopen2(file, name.c_str(), caching.get()), "H5Dopen2", where));
    const Handle layout(check(H5Dget_create_plist(dataset.get()), "H5Dget_create_plist", where));
    if (links == Links::refuse) require_own_bytes(layout.get(), where);
    require_known_filters(layout.get(), where);
    require_numbers(dataset.get(), where);
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
