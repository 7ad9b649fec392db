#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <lockstep/comm/stall_limits.h>
#include <lockstep/core/config.h>
#include <lockstep/data/cached_source.h>
#include <lockstep/log/options.h>
#include <lockstep/train/trainer.h>

namespace lockstep {

/// The [run] table.
struct RunSection {
    std::string name;                          // default: the job file's, without .toml
    std::filesystem::path directory = "runs";  // below the working directory
    std::uint64_t seed = 0;
    int threads = 1;  // of BLAS, per rank
    ExchangeMode exchange = ExchangeMode::automatic;
    std::optional<double> stop_before;  // seconds before the end of the job, where training stops on request
    std::optional<double> time_limit;   // of the program, in seconds: where nobody else knows that end
    StallLimits stall_limits;           // heartbeat_timeout, stall_timeout
};

/// The [training] table: Keras' compile() and fit().
struct TrainingSection {
    Config loss;
    std::vector<Config> metrics;
    std::vector<Config> weighted_metrics;
    Config optimizer = "rmsprop";
    int epochs = 1;
    int initial_epoch = 0;
    std::uint64_t batch_size = 32;
    std::size_t shards = 0;  // 0: one per rank
    bool elastic = false;    // one per rank where they cannot be spread over the ranks
    std::optional<std::int64_t> steps_per_epoch;
    std::optional<std::int64_t> validation_steps;
    std::optional<std::uint64_t> validation_batch_size;
    int validation_freq = 1;
    Shuffle shuffle = true;
    ClassWeight class_weight;
    std::optional<int> verbose;  // none: auto
    NonFinite on_nonfinite = NonFinite::ignore;
    std::int64_t check_replicas = 0;  // 0: never
};

/// A job file, read and checked as far as that goes without opening data or building the model.
struct Job {
    RunSection run;
    Config data;  // kept as a tree: its keys depend on the source
    double validation_split = 0.0;
    std::string normalize;          // "", "standard" or "minmax"
    std::string normalize_targets;  // likewise
    std::vector<Config> augmentation;
    Cache cache = Cache::none;
    Config model;
    std::filesystem::path weights;  // model.weights, to start from, absolute; empty: drawn by the seed
    TrainingSection training;
    std::vector<Config> callbacks;
    log::Options log;

    Config resolved;  // the whole tree with overrides and defaults; paths of data and weights absolute

    /// Where relative data paths begin.
    std::string data_directory() const { return data.get<std::string>("directory"); }
    /// What goes to job.toml in the run directory: reading it gives the same job.
    std::string to_toml() const { return resolved.to_toml(); }
};

/// Reads a job from its tree. `file` is the job file: it gives the default name, and relative data paths
/// begin beside it. Throws ConfigError naming file, line and key; a required key that is missing comes with
/// an example.
Job read_job(const Config& tree, const std::filesystem::path& file);

}  // namespace lockstep
