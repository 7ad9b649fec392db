#include "blocks.h"

#include <algorithm>

#include <lockstep/core/error.h>

namespace lockstep::io {

namespace {

/// Moves to the next block in row-major order; false after the last.
bool advance(std::vector<hsize_t>& start, std::span<const hsize_t> extents, std::span<const hsize_t> step) {
    for (std::size_t axis = start.size(); axis-- > 0;) {
        start[axis] += step[axis];
        if (start[axis] < extents[axis]) return true;
        start[axis] = 0;
    }
    return false;
}

Block block_at(const std::vector<hsize_t>& start, std::span<const hsize_t> extents,
               std::span<const hsize_t> step) {
    Block block{start, {}, 0, 1};
    for (std::size_t axis = 0; axis < start.size(); ++axis) {
        block.count.push_back(std::min(step[axis], extents[axis] - start[axis]));
        block.offset = block.offset * extents[axis] + start[axis];
        block.size *= block.count.back();
    }
    return block;
}

}  // namespace

hsize_t element_count(std::span<const hsize_t> extents) {
    hsize_t count = 1;
    for (const hsize_t extent : extents)
        if (__builtin_mul_overflow(count, extent, &count))
            throw DataError("an array has more than 2^64 elements");
    return count;
}

std::vector<hsize_t> block_extents(std::span<const hsize_t> extents, hsize_t max_elements) {
    std::vector<hsize_t> block(extents.size(), 1);
    hsize_t room = max_elements;
    for (std::size_t axis = extents.size(); axis-- > 0;) {
        block[axis] = std::min(extents[axis], room);
        if (block[axis] < extents[axis]) break;
        room = std::max<hsize_t>(room / std::max<hsize_t>(extents[axis], 1), 1);
    }
    return block;
}

std::vector<Block> blocks(std::span<const hsize_t> extents, hsize_t max_elements) {
    if (element_count(extents) == 0) return {};
    const std::vector<hsize_t> step = block_extents(extents, max_elements);
    std::vector<hsize_t> start(extents.size(), 0);
    std::vector<Block> result;
    do result.push_back(block_at(start, extents, step));
    while (advance(start, extents, step));
    return result;
}

}  // namespace lockstep::io
