#include "stall_watch.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

namespace lockstep {

namespace {

constexpr double kLongestInterval = 1.0;
constexpr double kLooksPerLimit = 8.0;
constexpr double kOverslept = 3.0;  // intervals without a look: the watcher was stopped itself
constexpr double kWaitsForOtherNodes = 3.0;
constexpr double kLeastPatience = 30.0;

double choose_interval(const StallLimits& limits) {
    double interval = kLongestInterval;
    for (const double limit : {limits.heartbeat, limits.stall})
        if (limit > 0) interval = std::min(interval, limit / kLooksPerLimit);
    return interval;
}

/// What may take its time, and what a user can do something about.
bool may_be_long(RankPhase phase) {
    switch (phase) {
        case RankPhase::loading_data:
        case RankPhase::input:
        case RankPhase::hook:
        case RankPhase::checkpoint:
        case RankPhase::writing:
            return true;
        default:
            return false;
    }
}

}  // namespace

StallWatch::StallWatch(std::span<RankRecord> records, StallLimits limits, bool other_nodes)
    : records_(records),
      limits_(limits),
      waiting_limit_(limits.stall * (other_nodes ? kWaitsForOtherNodes : 1.0)),
      interval_(choose_interval(limits)),
      last_look_(-std::numeric_limits<double>::infinity()),
      ranks_(records.size()) {}

double StallWatch::patience() const {
    return std::max(limits_.stall / 10, std::min(kLeastPatience, limits_.stall / 2));
}

std::optional<StallWatch::Finding> StallWatch::look(double now) {
    refresh(now);
    if (const auto silent = find_silent(now)) return silent;
    if (limits_.stall == 0) return std::nullopt;
    if (const auto late = find_late(now)) return late;
    if (const auto waiting = find_waiting(now)) return waiting;
    return find_slow(now);
}

void StallWatch::refresh(double now) {
    const bool overslept = now - last_look_ > kOverslept * interval_;
    last_look_ = now;
    for (std::size_t index = 0; index < ranks_.size(); ++index) {
        Seen& rank = ranks_[index];
        const RankSnapshot before = std::exchange(rank.last, read_record(records_[index]));
        const bool begins = overslept || before.beats == 0;
        if (begins || rank.last.beats != before.beats) rank.beat = now;
        if (!begins && rank.last.changes == before.changes && rank.last.waiting == before.waiting) continue;
        rank.change = now;
        rank.warned = false;
    }
}

std::optional<StallWatch::Finding> StallWatch::find_silent(double now) const {
    if (limits_.heartbeat == 0) return std::nullopt;
    std::optional<Finding> worst;
    for (std::size_t index = 0; index < ranks_.size(); ++index) {
        const double silent = now - ranks_[index].beat;
        if (!is_watched(ranks_[index]) || silent <= limits_.heartbeat) continue;
        if (!worst || silent > worst->seconds)
            worst = {Finding::Kind::silent, static_cast<int>(index), silent};
    }
    return worst;
}

/// Of those that wait, or do not, and have not changed for longer than `limit`.
std::optional<std::size_t> StallWatch::furthest_behind(double now, double limit, bool waiting) const {
    const auto place = [this](std::size_t index) {
        const Seen& rank = ranks_[index];
        return std::tuple(rank.last.epoch, rank.last.step, rank.change);
    };
    std::optional<std::size_t> last;
    for (std::size_t index = 0; index < ranks_.size(); ++index) {
        const Seen& rank = ranks_[index];
        if (!is_watched(rank) || rank.last.waiting != waiting || now - rank.change <= limit) continue;
        if (!last || place(index) < place(*last)) last = index;
    }
    return last;
}

std::optional<StallWatch::Finding> StallWatch::find_late(double now) const {
    const auto late = furthest_behind(now, limits_.stall, false);
    if (!late) return std::nullopt;
    return Finding{Finding::Kind::late, static_cast<int>(*late), now - ranks_[*late].change};
}

std::optional<StallWatch::Finding> StallWatch::find_waiting(double now) const {
    const bool somebody_works = std::ranges::any_of(ranks_, [&](const Seen& rank) {
        return is_watched(rank) && (!rank.last.waiting || now - rank.change <= waiting_limit_);
    });
    if (somebody_works) return std::nullopt;
    const auto last = furthest_behind(now, waiting_limit_, true);
    if (!last) return std::nullopt;
    return Finding{Finding::Kind::all_wait, static_cast<int>(*last), now - ranks_[*last].change};
}

std::optional<StallWatch::Finding> StallWatch::find_slow(double now) {
    for (std::size_t index = 0; index < ranks_.size(); ++index) {
        Seen& rank = ranks_[index];
        const double seconds = now - rank.change;
        const bool is_slow =
            is_watched(rank) && !rank.last.waiting && may_be_long(rank.last.phase) && seconds > patience();
        if (!is_slow || rank.warned) continue;
        rank.warned = true;
        return Finding{Finding::Kind::slow, static_cast<int>(index), seconds};
    }
    return std::nullopt;
}

}  // namespace lockstep
