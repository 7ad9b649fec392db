#pragma once

#include <utility>

#include <lockstep/comm/adopt.h>
#include <lockstep/comm/communicator.h>

namespace lockstep {

/// Owns an MPI communicator. Freeing is local enough in practice, but is left out once MPI has ended.
struct Communicator::Handle {
    explicit Handle(MPI_Comm owned) : comm(owned) {}
    ~Handle();
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;

    MPI_Comm comm;
};

/// A non-blocking operation under way. Its buffers must outlive it; it is always completed.
class Request {
public:
    Request() = default;
    ~Request() { wait(); }
    Request(Request&& other) noexcept : request_(std::exchange(other.request_, MPI_REQUEST_NULL)) {}
    Request& operator=(Request&& other) noexcept {
        std::swap(request_, other.request_);
        return *this;
    }

    MPI_Request* address() { return &request_; }
    /// Whether it is done, or never began.
    bool test();
    void wait();

private:
    MPI_Request request_ = MPI_REQUEST_NULL;
};

}  // namespace lockstep
