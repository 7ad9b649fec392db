#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <sys/statvfs.h>
#include <unistd.h>

#include <lockstep/comm/adopt.h>
#include <lockstep/comm/node_memory.h>
#include <lockstep/core/error.h>

#include "mpi_check.h"
#include "mpi_handle.h"

namespace lockstep {

namespace {

class PrivateMemory final : public NodeMemory {
public:
    explicit PrivateMemory(std::size_t bytes) : memory_(bytes) { base_ = memory_.data(); }

private:
    AlignedBuffer<std::byte> memory_;
};

/// An MPI window that the node's first rank allocates and everybody maps. One access epoch lasts from start
/// to end; order between ranks comes from atomic flags alone, which the unified memory model allows.
class SharedWindow final : public NodeMemory {
public:
    SharedWindow(std::shared_ptr<const Communicator> ranks, std::size_t bytes) : ranks_(std::move(ranks)) {
        const bool allocates = ranks_->rank() == 0;
        void* own = nullptr;
        check_mpi(MPI_Win_allocate_shared(allocates ? static_cast<MPI_Aint>(bytes + kCacheLine) : 0, 1,
                                          MPI_INFO_NULL, ranks_->handle().comm, &own, &window_),
                  "MPI_Win_allocate_shared");
        check_mpi(MPI_Win_set_errhandler(window_, MPI_ERRORS_RETURN), "MPI_Win_set_errhandler");
        require_unified_model();
        base_ = first_aligned_byte();
        check_mpi(MPI_Win_lock_all(MPI_MODE_NOCHECK, window_), "MPI_Win_lock_all");
    }

    /// Freeing a window is collective, and a rank that unwinds an exception must not wait for the others:
    /// then it is left to the end of the process.
    ~SharedWindow() override {
        int ended = 0;
        MPI_Finalized(&ended);
        if (ended != 0 || std::uncaught_exceptions() > 0) return;
        MPI_Win_unlock_all(window_);
        MPI_Win_free(&window_);
    }

    SharedWindow(const SharedWindow&) = delete;
    SharedWindow& operator=(const SharedWindow&) = delete;

private:
    void require_unified_model() const {
        int* model = nullptr;
        int found = 0;
        check_mpi(MPI_Win_get_attr(window_, MPI_WIN_MODEL, &model, &found), "MPI_Win_get_attr");
        if (found == 0 || *model != MPI_WIN_UNIFIED)
            throw MpiError(
                "shared windows of this MPI lack the unified memory model; use exchange = \"private\"");
    }

    std::byte* first_aligned_byte() const {
        MPI_Aint size = 0;
        int unit = 0;
        void* start = nullptr;
        check_mpi(MPI_Win_shared_query(window_, 0, &size, &unit, &start), "MPI_Win_shared_query");
        const auto address = reinterpret_cast<std::uintptr_t>(start);
        return static_cast<std::byte*>(start) + (kCacheLine - address % kCacheLine) % kCacheLine;
    }

    std::shared_ptr<const Communicator> ranks_;
    MPI_Win window_ = MPI_WIN_NULL;
};

}  // namespace

std::shared_ptr<NodeMemory> allocate_private_memory(std::size_t bytes) {
    return std::make_shared<PrivateMemory>(bytes);
}

std::shared_ptr<NodeMemory> allocate_node_memory(const Topology& topology, std::size_t bytes,
                                                 FirstTouch touch) {
    if (!topology.node_ranks) return allocate_private_memory(bytes);
    auto window = std::make_shared<SharedWindow>(topology.node_ranks, bytes);
    if (touch == FirstTouch::leader && topology.is_leader()) std::memset(window->base(), 0, bytes);
    topology.node_ranks->barrier();
    return window;
}

SharedMemoryRoom shared_memory_room() {
    const char* chosen =
        std::getenv("OMPI_MCA_osc_sm_backing_directory");  // Open MPI's own default is /dev/shm
    SharedMemoryRoom room{.directory = chosen != nullptr ? chosen : "/dev/shm"};
    struct statvfs status {};
    if (statvfs(room.directory.c_str(), &status) != 0)
        throw IoError(room.directory +
                      ": cannot tell how much room the shared memory has: " + std::strerror(errno));
    room.free_bytes = static_cast<std::size_t>(status.f_bavail) * status.f_frsize;
    return room;
}

}  // namespace lockstep
