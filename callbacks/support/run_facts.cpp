#include "run_facts.h"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <limits>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <lockstep/callbacks/run_logger.h>
#include <lockstep/io/inspect.h>

namespace lockstep {

namespace {

std::string host_name() {
    std::array<char, 256> name{};
    gethostname(name.data(), name.size() - 1);
    return name.data();
}

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

Config versions_of(const TrainingRun& run) {
    Config versions = Config::table({{"hdf5", io::hdf5_version()}});
    const Config noted = run.notes().find("versions");
    for (const std::string& part : noted.keys()) versions.set(part, noted.at(part));
    if (!run.info().ranks.empty()) versions.set("blas_core", run.info().ranks.front().blas_core);
    return versions;
}

}  // namespace

std::string new_run_id(double start) {
    return fmt::format("{:%Y%m%d-%H%M%S}-{}-{}", fmt::gmtime(static_cast<std::time_t>(start)), host_name(),
                       getpid());
}

void write_run_facts(io::TableFile& file, const TrainingRun& run, const std::string& run_id, double start) {
    const RunInfo& info = run.info();
    const Config facts = Config::table({{"schema", kRunSchema},
                                        {"run_id", run_id},
                                        {"start", start},
                                        {"end", std::numeric_limits<double>::quiet_NaN()},
                                        {"status", "running"},
                                        {"stop_reason", ""},
                                        {"world_size", info.world_size},
                                        {"nodes", info.nodes},
                                        {"shards", info.shards},
                                        {"seed", static_cast<std::int64_t>(info.seed)},
                                        {"exchange", info.exchange},
                                        {"host", host_name()},
                                        {"pid", static_cast<std::int64_t>(getpid())},
                                        {"slurm_job_id", environment("SLURM_JOB_ID")},
                                        {"versions", versions_of(run)}});
    for (const std::string& key : facts.keys()) file.attribute(key, facts.at(key));
    for (const std::string& key : run.notes().keys())
        if (!facts.contains(key)) file.attribute(key, run.notes().at(key));
}

}  // namespace lockstep
