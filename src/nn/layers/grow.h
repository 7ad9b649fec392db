#pragma once

#include <cstddef>

#include <lockstep/core/aligned_buffer.h>

namespace lockstep {

/// Makes room for `size` elements; what was in a buffer that was too small is lost.
inline void grow(AlignedBuffer<float>& buffer, std::size_t size) {
    if (buffer.size() < size) buffer = AlignedBuffer<float>(size);
}

}  // namespace lockstep
