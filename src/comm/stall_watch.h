#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <lockstep/comm/rank_status.h>
#include <lockstep/comm/stall_limits.h>

namespace lockstep {

/// Finds the rank of a node that has stopped, or that the others wait for. It only looks; the time is the
/// caller's.
///
/// Times are counted by the watcher's own looks, so that ranks on one clock are not needed, and when it finds
/// that it slept itself (the job was suspended) everybody gets a new full period.
class StallWatch {
public:
    struct Finding {
        enum class Kind {
            silent,    // no heartbeat
            late,      // alive, at work, no progress
            all_wait,  // nobody on this node is at work, and nothing arrives
            slow,      // only a warning: a hook, a file or data take long
        };
        Kind kind;
        int local_rank;
        double seconds;
    };

    /// `records` by local rank. `other_nodes`: whether this node's ranks may be waiting for those of others;
    /// then waiting has three times the limit, for there may be work between two messages.
    StallWatch(std::span<RankRecord> records, StallLimits limits, bool other_nodes);

    /// Seconds from one look to the next.
    double interval() const { return interval_; }
    /// Seconds after which a phase that may be long is worth a warning.
    double patience() const;
    const StallLimits& limits() const { return limits_; }

    /// The worst that there is at `now`, in seconds of a clock that only grows. A slow phase is found once.
    std::optional<Finding> look(double now);

private:
    /// What was seen of one rank.
    struct Seen {
        RankSnapshot last;
        double beat = 0, change = 0;  // when it last had a new one
        bool warned = false;          // since the last change
    };

    void refresh(double now);
    bool is_watched(const Seen& rank) const { return rank.last.beats != 0 && !rank.last.gone; }
    std::optional<Finding> find_silent(double now) const;
    std::optional<Finding> find_late(double now) const;
    std::optional<Finding> find_waiting(double now) const;
    std::optional<Finding> find_slow(double now);
    std::optional<std::size_t> furthest_behind(double now, double limit, bool waiting) const;

    std::span<RankRecord> records_;
    StallLimits limits_;
    double waiting_limit_;
    double interval_;
    double last_look_;
    std::vector<Seen> ranks_;
};

}  // namespace lockstep
