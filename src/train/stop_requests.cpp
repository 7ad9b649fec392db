#include "stop_requests.h"

#include <chrono>
#include <cstdint>
#include <limits>

#include <fmt/format.h>

#include <lockstep/core/stop_signals.h>

namespace lockstep {

namespace {

constexpr std::int64_t kSignals = 128;  // more than there are
constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::max();

}  // namespace

void StopRequests::hear(StepEngine::RankSignal signal) {
    if (signal.signal == 0 || !reason_.empty()) return;
    reason_ = fmt::format("{} on rank {} ({})", StopSignals::name(signal.signal), signal.rank,
                          ranks_[static_cast<std::size_t>(signal.rank)].host);
}

void StopRequests::hear_all(const Communicator& world) {
    const int mine = StopSignals::received();
    const std::int64_t first = world.minimum(mine == 0 ? kNone : world.rank() * kSignals + mine);
    if (first != kNone)
        hear({.rank = static_cast<int>(first / kSignals), .signal = static_cast<int>(first % kSignals)});
}

bool StopRequests::is_asked() {
    hear({.rank = 0, .signal = StopSignals::received()});
    if (reason_.empty() && deadline_ && std::chrono::system_clock::now() >= deadline_->time)
        reason_ = deadline_->reason;
    return !reason_.empty();
}

}  // namespace lockstep
