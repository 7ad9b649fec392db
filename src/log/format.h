#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include <lockstep/log/identity.h>
#include <lockstep/log/level.h>

namespace lockstep::log {

/// One line, before it becomes text.
struct Line {
    Level level;
    std::string_view module;
    std::string_view text;
    double time;  // Unix time, s
};

/// Where the training is; negative before it begins.
struct Progress {
    std::atomic<std::int64_t> epoch = -1;
    std::atomic<std::int64_t> step = -1;
};

/// A JSON object with time, level, module, rank, size, host, run_id, slurm_job_id, epoch, step and text.
/// What is not known is null.
std::string to_json(const Line& line, const Identity& identity, const Progress& progress);

}  // namespace lockstep::log
