#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <string>

#include <lockstep/comm/topology.h>
#include <lockstep/core/aligned_buffer.h>

namespace lockstep {

/// Works out where things lie in a node's memory before there is any.
class MemoryPlan {
public:
    /// Bytes from the start of the memory; on a cache line of its own.
    template <typename T>
    std::size_t add(std::size_t count) {
        const std::size_t offset = bytes_;
        bytes_ += (count * sizeof(T) + kCacheLine - 1) / kCacheLine * kCacheLine;
        return offset;
    }
    std::size_t bytes() const { return bytes_; }

private:
    std::size_t bytes_ = 0;
};

/// One stretch of zeroed memory that all ranks of a node see: an MPI shared window, or plain memory where a
/// rank is a node of its own.
class NodeMemory {
public:
    virtual ~NodeMemory() = default;

    std::byte* base() const { return base_; }

    template <typename T>
    std::span<T> at(std::size_t offset, std::size_t count) const {
        return {std::launder(reinterpret_cast<T*>(base_ + offset)), count};
    }

protected:
    std::byte* base_ = nullptr;
};

/// Who writes the zeros: a page lies near the core that touches it first.
enum class FirstTouch {
    leader,  // the node's first rank, before this returns
    owners,  // the caller
};

/// Collective over topology.node_ranks. Throws MpiError.
std::shared_ptr<NodeMemory> allocate_node_memory(const Topology& topology, std::size_t bytes,
                                                 FirstTouch touch);

/// Memory of one process.
std::shared_ptr<NodeMemory> allocate_private_memory(std::size_t bytes);

/// What the directory behind shared windows has room for.
struct SharedMemoryRoom {
    std::string directory;
    std::size_t free_bytes = 0;
};
/// Throws IoError if the directory cannot be read.
SharedMemoryRoom shared_memory_room();

}  // namespace lockstep
