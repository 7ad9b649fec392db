#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <lockstep/comm/rank_status.h>

namespace lockstep {

/// A group of ranks that talk to each other, on a duplicate of its own: its messages never meet those of
/// anybody else. Move-only. Every member function with a doc comment is collective: all ranks of the group
/// must call it, in the same order; all throw MpiError.
class Communicator {
public:
    struct Handle;  // the MPI side, comm/mpi_handle.h

    explicit Communicator(std::unique_ptr<Handle> handle);
    ~Communicator();
    Communicator(Communicator&&) noexcept;
    Communicator& operator=(Communicator&&) noexcept;

    int rank() const { return rank_; }
    int size() const { return size_; }
    Handle& handle() const { return *handle_; }

    /// Where it is said that this rank waits for others, while it is in a collective; also of what is split
    /// off from here on.
    void report_to(std::shared_ptr<RankStatus> status) { status_ = std::move(status); }
    const std::shared_ptr<RankStatus>& status() const { return status_; }

    /// Collective. The same ranks, with messages of their own.
    Communicator duplicate() const;
    /// Collective. The ranks of one `color` (>= 0), ordered by `key`.
    Communicator split(int color, int key) const;
    /// Collective. The ranks that share memory with this one, in the order that they have here.
    Communicator split_by_node() const;

    /// Collective.
    void barrier() const;

    /// Collective. `bytes` of rank `root` lands on every rank.
    void broadcast(std::span<std::byte> bytes, int root = 0) const;
    /// Collective. The text of rank `root`, on every rank.
    std::string broadcast(std::string text, int root = 0) const;
    template <typename T>
    requires std::is_trivially_copyable_v<T> T broadcast_value(T value, int root = 0)
    const {
        broadcast(std::as_writable_bytes(std::span<T>(&value, 1)), root);
        return value;
    }

    /// Collective. All texts, by rank, on rank 0; nothing elsewhere.
    std::vector<std::string> gather(const std::string& text) const;
    /// Collective. All texts, by rank, on every rank.
    std::vector<std::string> all_gather(const std::string& text) const;
    /// Collective. The rows of all ranks one behind the other, by rank, into `out` of rank 0; `out` is
    /// ignored elsewhere.
    void gather(std::span<const float> mine, std::span<float> out) const;

    /// Collective. The smallest and the largest of the ranks' values.
    std::int64_t minimum(std::int64_t value) const;
    std::int64_t maximum(std::int64_t value) const;
    /// Collective. Element by element, in an order that MPI chooses; use it for whole numbers.
    void sum(std::span<double> values) const;

private:
    std::unique_ptr<Handle> handle_;
    std::shared_ptr<RankStatus> status_;
    int rank_ = 0;
    int size_ = 1;
};

}  // namespace lockstep
