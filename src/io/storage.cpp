#include "storage.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <lockstep/core/deflate_limit.h>
#include <lockstep/core/error.h>

#include "blocks.h"
#include "catalog.h"
#include "handle.h"

namespace lockstep::io {

namespace {

Handle creation_list(hid_t dataset, const std::string& where) {
    return Handle(check(H5Dget_create_plist(dataset), "H5Dget_create_plist", where));
}

bool has_own_bytes(hid_t list) {
    return H5Pget_layout(list) != H5D_VIRTUAL && H5Pget_external_count(list) <= 0;
}

/// Other filters would make HDF5 load plugins, which are programs.
void require_known_filters(hid_t list, const std::string& where) {
    const int count = check(H5Pget_nfilters(list), "H5Pget_nfilters", where);
    for (int i = 0; i < count; ++i) {
        std::array<char, 64> name{};
        unsigned flags = 0;
        std::size_t values = 0;
        const H5Z_filter_t filter = check(H5Pget_filter2(list, static_cast<unsigned>(i), &flags, &values,
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

/// Whether so many elements can come from what is stored.
bool is_possible(std::span<const hsize_t> extents, hsize_t element_bytes, hsize_t stored) {
    hsize_t bytes = element_bytes;
    bool overflow = false;
    for (const hsize_t extent : extents) {
        if (extent == 0) return true;
        overflow = overflow || __builtin_mul_overflow(bytes, extent, &bytes);
    }
    return !overflow && (bytes <= kMostUnwritten || bytes / kMostInflated <= stored);
}

std::vector<hsize_t> chunk_of(hid_t list) {
    std::vector<hsize_t> chunk(H5S_MAX_RANK);
    const int rank = H5Pget_layout(list) == H5D_CHUNKED ? H5Pget_chunk(list, H5S_MAX_RANK, chunk.data()) : 0;
    chunk.resize(static_cast<std::size_t>(std::max(rank, 0)));
    return chunk;
}

void require_possible_size(hid_t dataset, hid_t list, const std::string& where) {
    const Handle type(check(H5Dget_type(dataset), "H5Dget_type", where));
    const hsize_t element = H5Tget_size(type.get());
    const hsize_t stored = H5Dget_storage_size(dataset);
    for (const auto& [what, extents] :
         {std::pair{"the extents", extents_of(dataset, where)}, std::pair{"chunks of", chunk_of(list)}})
        if (!is_possible(extents, element, stored))
            throw DataError(
                fmt::format("{} claims {} {} with {} bytes for each element, but only {} bytes are "
                            "stored: it is damaged, or was never written",
                            where, what, describe_extents(extents), element, stored));
}

}  // namespace

std::vector<hsize_t> chunk_extents(hid_t dataset, const std::string& where) {
    return chunk_of(creation_list(dataset, where).get());
}

hsize_t chunk_bytes(hid_t dataset, const std::string& where) {
    const Handle type(check(H5Dget_type(dataset), "H5Dget_type", where));
    const std::vector<hsize_t> chunk = chunk_extents(dataset, where);
    return chunk.empty() ? 0 : element_count(chunk) * H5Tget_size(type.get());
}

bool is_virtual(hid_t dataset, const std::string& where) {
    return H5Pget_layout(creation_list(dataset, where).get()) == H5D_VIRTUAL;
}

void require_own_bytes(hid_t dataset, Links links, const std::string& where) {
    const Handle list = creation_list(dataset, where);
    if (links == Links::allow || has_own_bytes(list.get())) return;
    const bool is_virtual = H5Pget_layout(list.get()) == H5D_VIRTUAL;
    throw DataError(where + (is_virtual ? " is a virtual dataset: " : " lies in an external file: ") +
                    advice(links));
}

void require_safe_storage(hid_t dataset, Links links, const std::string& where) {
    require_own_bytes(dataset, links, where);
    const Handle list = creation_list(dataset, where);
    require_known_filters(list.get(), where);
    if (has_own_bytes(list.get())) require_possible_size(dataset, list.get(), where);
}

}  // namespace lockstep::io
