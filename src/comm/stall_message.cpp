#include "stall_message.h"

#include <fmt/format.h>

namespace lockstep {

std::string name_rank(int rank, const std::string& host, const RankSnapshot& last) {
    return fmt::format("rank {} on {} (process {})", rank, host, last.pid);
}

std::string describe(const StallWatch::Finding& finding, const StallLimits& limits, const std::string& who,
                     const RankSnapshot& last) {
    using Kind = StallWatch::Finding::Kind;
    const std::string activity = last.activity(), place = last.place();
    switch (finding.kind) {
        case Kind::silent:
            return fmt::format(
                "{} has given no sign of life for {:.0f} s: stopped, or swapped out; it was last seen {}, "
                "doing: "
                "{}; the job ends (heartbeat_timeout is {:g} s)",
                who, finding.seconds, place, activity, limits.heartbeat);
        case Kind::late:
            return fmt::format(
                "{} has made no progress for {:.0f} s {}, doing: {}; the job ends (stall_timeout is {:g} s)",
                who, finding.seconds, place, activity, limits.stall);
        case Kind::all_wait:
            return fmt::format(
                "all ranks of this node wait, and nothing has arrived for {:.0f} s; furthest behind is {}, "
                "{}, "
                "doing: {}; the job ends (stall_timeout is {:g} s)",
                finding.seconds, who, place, activity, limits.stall);
        case Kind::slow:
            break;
    }
    return fmt::format(
        "{} has been busy for {:.0f} s {}, doing: {}; the job ends after {:g} s without progress "
        "(stall_timeout)",
        who, finding.seconds, place, activity, limits.stall);
}

}  // namespace lockstep
