#include "chunk_index.h"

#include <algorithm>
#include <vector>

#include "catalog.h"
#include "handle.h"
#include "storage.h"

namespace lockstep::io {

namespace {

/// A node has up to twice as many chunks; a full one is split into two halves.
hsize_t chunks_of_half_a_node(hid_t dataset, const std::string& where) {
    const Handle file(check(H5Iget_file_id(dataset), "H5Iget_file_id", where));
    const Handle list(check(H5Fget_create_plist(file.get()), "H5Fget_create_plist", where));
    unsigned half = 0;
    check(H5Pget_istore_k(list.get(), &half), "H5Pget_istore_k", where);
    return std::max(half, 1U);
}

bool has_chunk_at(hid_t dataset, const std::vector<hsize_t>& start, const std::string& where) {
    if (start[0] >= extents_of(dataset, where)[0]) return false;
    unsigned filters = 0;
    haddr_t address = HADDR_UNDEF;
    hsize_t bytes = 0;
    check(H5Dget_chunk_info_by_coord(dataset, start.data(), &filters, &address, &bytes),
          "H5Dget_chunk_info_by_coord", where);
    return address != HADDR_UNDEF;
}

/// How many chunks lie side by side along all axes but the first.
hsize_t chunks_abreast(hid_t dataset, const std::vector<hsize_t>& chunk, const std::string& where) {
    const std::vector<hsize_t> extents = extents_of(dataset, where);
    hsize_t count = 1;
    for (std::size_t axis = 1; axis < chunk.size(); ++axis)
        count *= (extents[axis] + chunk[axis] - 1) / chunk[axis];
    return count;
}

}  // namespace

bool adds_index_nodes(hid_t dataset, std::uint64_t first_row, std::uint64_t count, const std::string& where) {
    const std::vector<hsize_t> chunk = chunk_extents(dataset, where);
    const bool is_sound = !chunk.empty() && chunk.size() == extents_of(dataset, where).size() &&
                          std::ranges::count(chunk, 0U) == 0;
    if (count == 0 || !is_sound) return false;
    std::vector<hsize_t> start(chunk.size(), 0);
    start[0] = first_row / chunk[0] * chunk[0];
    if (has_chunk_at(dataset, start, where)) start[0] += chunk[0];
    const std::uint64_t end = first_row + count;
    if (start[0] >= end) return false;

    const hsize_t rows_of_chunks = (end - start[0] + chunk[0] - 1) / chunk[0];
    const hsize_t before = H5Dget_storage_size(dataset) / chunk_bytes(dataset, where);
    const hsize_t last = before + rows_of_chunks * chunks_abreast(dataset, chunk, where) - 1;
    const hsize_t half = chunks_of_half_a_node(dataset, where);
    const hsize_t last_split = last / half * half;  // the chunk, counted from 0, that found a node full
    return before == 0 || (last_split >= before && last_split >= 2 * half);
}

}  // namespace lockstep::io
