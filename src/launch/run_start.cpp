#include "run_start.h"

#include <fmt/format.h>

#include <lockstep/core/error.h>
#include <lockstep/launch/job_file.h>
#include <lockstep/launch/resume.h>

namespace lockstep {
namespace {

RunPlace find_place(const Session& session, const RunRequest& request, const Job& job) {
    RunPlace place;
    session.together([&] {
        if (session.is_root()) place = place_run(request, job.run);
    });
    place.directory = session.world().broadcast(place.directory.string());
    place.checkpoint = session.world().broadcast(place.checkpoint.string());
    return place;
}

/// The job that the run began with; null if a program made the checkpoint without one.
Config first_job(const RunStart& start) {
    const Config& notes = start.resumed->notes;
    if (!notes.contains("job")) return {};
    return parse_toml(notes.get<std::string>("job"), start.place.checkpoint.string());
}

void require_resumable(const Session& session, const RunStart& start, const Job& job) {
    if (const Config began = first_job(start); !began.is_null()) require_same_job(began, job.resolved);
    const int ranks = start.resumed->notes.get<int>("ranks", session.size());
    if (job.training.shards == 0 && ranks != session.size())
        throw ConfigError(fmt::format(
            "{}: the run began on {} ranks with one shard per rank and can only go on with as many, not on "
            "{}; training.shards in a new run makes it independent of ranks",
            start.place.directory.string(), ranks, session.size()));
}

}  // namespace

RunStart find_start(const Session& session, const RunRequest& request, const Job& job) {
    RunStart start{.place = find_place(session, request, job), .resumed = {}};
    if (start.place.checkpoint.empty()) return start;
    session.together([&] { start.resumed = read_checkpoint_info(start.place.checkpoint); });
    require_resumable(session, start, job);
    return start;
}

bool is_finished(const RunStart& start, const Job& job) {
    if (!start.resumed || start.place.checkpoint.filename() != final_checkpoint("").filename()) return false;
    if (job.training.initial_epoch + start.resumed->epochs_done >= job.training.epochs) return true;
    const Config began = first_job(start);
    return !began.is_null() && began.at("training").get<int>("epochs", 1) >= job.training.epochs;
}

}  // namespace lockstep
