#include <chrono>
#include <ctime>

#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <lockstep/comm/waiting.h>

namespace lockstep {

namespace {

constexpr int kRoundsPerLook = 64;        // pauses between two looks at the clock
constexpr std::int64_t kSpin = 50'000;    // ns
constexpr std::int64_t kYield = 200'000;  // ns
constexpr timespec kLongestSleep{0, 1'000'000};

std::int64_t now() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

std::atomic_ref<std::uint32_t> atomic(std::uint32_t& word) {
    static_assert(std::atomic_ref<std::uint32_t>::is_always_lock_free);
    return std::atomic_ref<std::uint32_t>(word);
}

}  // namespace

// The flag is stored and the sleepers are read in one total order with announce() and the waiter's last look
// at the flag: either the waiter sees the flag, or the setter sees the waiter.
void Bell::set(std::uint64_t& flag, std::uint64_t value) const {
    std::atomic_ref<std::uint64_t>(flag).store(value, std::memory_order_seq_cst);
    if (atomic(words_->sleepers).load(std::memory_order_seq_cst) == 0) return;
    atomic(words_->rings).fetch_add(1, std::memory_order_seq_cst);
    syscall(SYS_futex, &words_->rings, FUTEX_WAKE, INT32_MAX, nullptr, nullptr, 0);
}

bool Bell::Patience::is_over() {
    if (started_ == 0) started_ = now();
    if (++rounds_ % kRoundsPerLook != 0) {
        __builtin_ia32_pause();
        return false;
    }
    const std::int64_t waited = now() - started_;
    if (waited < kSpin) return false;
    rounds_ = kRoundsPerLook - 1;  // from now on yield every time
    sched_yield();
    return waited >= kYield;
}

std::uint32_t Bell::announce() const {
    const std::uint32_t heard = atomic(words_->rings).load(std::memory_order_seq_cst);
    atomic(words_->sleepers).fetch_add(1, std::memory_order_seq_cst);
    return heard;
}

void Bell::sleep(std::uint32_t heard) const {
    syscall(SYS_futex, &words_->rings, FUTEX_WAIT, heard, &kLongestSleep, nullptr, 0);
}

void Bell::withdraw() const {
    atomic(words_->sleepers).fetch_sub(1, std::memory_order_seq_cst);
}

}  // namespace lockstep
