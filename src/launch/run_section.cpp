#include <cstdint>

#include <fmt/format.h>

#include <lockstep/core/duration.h>

#include "job_sections.h"
#include "job_values.h"

namespace lockstep {
namespace {

ExchangeMode read_exchange(const Config& run) {
    return choice(run, "exchange", ExchangeMode::automatic,
                  {{"auto", ExchangeMode::automatic},
                   {"shared", ExchangeMode::node_shared},
                   {"private", ExchangeMode::private_copies}});
}

void read_time_limits(const Config& run, RunSection& section) {
    if (run.contains("stop_before")) section.stop_before = read_duration(run.at("stop_before"));
    if (!run.contains("time_limit")) return;
    const Config limit = run.at("time_limit");
    section.time_limit = read_time_limit(limit);
    if (!section.stop_before)
        limit.fail("training stops so long before it as stop_before says: for example stop_before = \"10m\"");
    if (*section.stop_before >= *section.time_limit)
        limit.fail(fmt::format("expected more than stop_before, which is {} s, got {} s",
                               *section.stop_before, *section.time_limit));
}

StallLimits read_stall_limits(const Config& run) {
    StallLimits limits;
    if (run.contains("heartbeat_timeout")) limits.heartbeat = read_duration(run.at("heartbeat_timeout"));
    if (run.contains("stall_timeout")) limits.stall = read_duration(run.at("stall_timeout"));
    return limits;
}

}  // namespace

RunSection read_run(const Config& run, const std::filesystem::path& file) {
    RunSection section;
    section.name = run.get<std::string>("name", file.stem().string());
    if (section.name.empty() || section.name.find('/') != std::string::npos || section.name.front() == '.')
        run.find("name").fail("expected a name for a directory, without '/' and not beginning with '.'");
    section.directory = run.get<std::string>("directory", section.directory.string());
    section.seed = at_least<std::uint64_t>(run, "seed", 0, 0);
    section.threads = at_least(run, "threads", 1, 1);
    section.exchange = read_exchange(run);
    read_time_limits(run, section);
    section.stall_limits = read_stall_limits(run);
    run.reject_unknown_keys();
    return section;
}

}  // namespace lockstep
