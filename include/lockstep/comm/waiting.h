#pragma once

#include <atomic>
#include <concepts>
#include <cstdint>

namespace lockstep {

/// A bell in shared memory. Who changes a flag that others wait for rings it; who waits spins for 50 us, then
/// yields, then sleeps on a futex until it rings. One bell serves all flags of a node.
class Bell {
public:
    /// The words in node memory, zero at first.
    struct Words {
        std::uint32_t rings = 0;
        std::uint32_t sleepers = 0;
    };

    explicit Bell(Words& words) : words_(&words) {}

    /// Stores `value` so that all writes before it are seen by who sees the value, and wakes the sleepers.
    void set(std::uint64_t& flag, std::uint64_t value) const;

    /// The value of a flag; all writes before its set() are seen. Sequentially consistent, as set() is: of a
    /// setter that sees no sleeper and a waiter that announces itself, one sees the other.
    static std::uint64_t get(std::uint64_t& flag) {
        static_assert(std::atomic_ref<std::uint64_t>::is_always_lock_free);
        return std::atomic_ref<std::uint64_t>(flag).load(std::memory_order_seq_cst);
    }

    /// Returns when `ready` says so; it is asked at least every millisecond. With `may_sleep` false it is
    /// asked all the time: for a rank that must keep its messages moving, which no bell announces.
    template <std::predicate Ready>
    void wait(Ready&& ready, bool may_sleep = true) const {
        for (Patience patience; !ready();)
            if (patience.is_over() && may_sleep) sleep_unless(ready);
    }

private:
    /// Spinning, then yielding.
    class Patience {
    public:
        /// Waits a little. True once it is time to sleep.
        bool is_over();

    private:
        int rounds_ = 0;
        std::int64_t started_ = 0;  // ns
    };

    template <std::predicate Ready>
    void sleep_unless(Ready& ready) const {
        const std::uint32_t heard = announce();
        if (!ready()) sleep(heard);
        withdraw();
    }
    std::uint32_t announce() const;         // from here on a ring is not missed
    void sleep(std::uint32_t heard) const;  // until the next ring, at most 1 ms
    void withdraw() const;

    Words* words_;
};

}  // namespace lockstep
