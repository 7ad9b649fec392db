#include "deadline.h"

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <lockstep/core/error.h>

namespace lockstep {
namespace {

using Clock = std::chrono::system_clock;

constexpr const char* kSlurmEnd = "SLURM_JOB_END_TIME";

struct JobEnd {
    Clock::time_point time;
    std::string source;
};

Clock::duration duration_of(double seconds) {
    return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

Clock::time_point read_unix_time(std::string_view text) {
    std::int64_t seconds = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (problem != std::errc() || end != text.data() + text.size())
        throw ConfigError(fmt::format("{}: expected Unix seconds, got \"{}\"", kSlurmEnd, text));
    return Clock::time_point(std::chrono::seconds(seconds));
}

/// Old versions of Slurm set the variable to nothing.
std::optional<JobEnd> end_of_job(const RunSection& run, Clock::time_point started,
                                 std::string_view slurm_end) {
    if (!slurm_end.empty()) return JobEnd{read_unix_time(slurm_end), kSlurmEnd};
    if (run.time_limit) return JobEnd{started + duration_of(*run.time_limit), "run.time_limit"};
    return std::nullopt;
}

}  // namespace

std::optional<Deadline> find_deadline(const Job& job, Clock::time_point started, const char* slurm_end) {
    if (!job.run.stop_before) return std::nullopt;
    const auto end = end_of_job(job.run, started, slurm_end == nullptr ? "" : slurm_end);
    if (!end)
        job.resolved.at("run")
            .at("stop_before")
            .fail(fmt::format("nobody says when the job ends: set {} (Unix seconds; newer versions of Slurm "
                              "do), or run.time_limit "
                              "as for sbatch, for example time_limit = \"24:00:00\"",
                              kSlurmEnd));
    return Deadline{.time = end->time - duration_of(*job.run.stop_before),
                    .reason = fmt::format("{} s before the end of the job at {:%Y-%m-%d %H:%M:%S} ({})",
                                          *job.run.stop_before, fmt::localtime(Clock::to_time_t(end->time)),
                                          end->source)};
}

}  // namespace lockstep
