#include "run_start.h"

#include <fmt/format.h>

#include <lockstep/core/error.h>
#include <lockstep/data/batch_plan.h>
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

std::string shards_text(std::size_t shards, int ranks) {
    return shards != 0 ? fmt::format("{} shards", shards)
                       : fmt::format("one shard on each of {} ranks", ranks);
}

/// Empty if the run goes on with the shards of before. Throws ConfigError if it does not, and that was not
/// asked for.
std::string check_shards_of_before(const Session& session, const RunStart& start, const Job& job) {
    const int ranks = session.size();
    const std::string before = shards_text(start.resumed->training.get<std::size_t>("shards", 0),
                                           start.resumed->notes.get<int>("ranks", ranks));
    const TrainingSection& training = job.training;
    const std::string now =
        shards_text(training.elastic ? elastic_shards(training.shards, ranks) : training.shards, ranks);
    if (now == before) return "";
    if (!training.elastic)
        throw ConfigError(fmt::format(
            "{}: the run was trained with {} up to here and would go on with {}: its results would not be "
            "those of a run without a stop; --set training.elastic=true goes on all the same",
            start.place.directory.string(), before, now));
    return fmt::format(
        "the run was trained with {} up to here and goes on with {}: from here on its results are not, "
        "to the bit, those of a run without a stop",
        before, now);
}

void require_same_settings(const RunStart& start, const Job& job) {
    if (const Config began = first_job(start); !began.is_null()) require_same_job(began, job.resolved);
}

}  // namespace

RunStart find_start(const Session& session, const RunRequest& request, const Job& job) {
    RunStart start{.place = find_place(session, request, job), .resumed = {}};
    if (start.place.checkpoint.empty()) return start;
    session.together([&] { start.resumed = read_checkpoint_info(start.place.checkpoint); });
    require_same_settings(start, job);
    start.warning = check_shards_of_before(session, start, job);
    return start;
}

bool is_finished(const RunStart& start, const Job& job) {
    if (!start.resumed || start.place.checkpoint.filename() != final_checkpoint("").filename()) return false;
    if (job.training.initial_epoch + start.resumed->epochs_done >= job.training.epochs) return true;
    const Config began = first_job(start);
    return !began.is_null() && began.at("training").get<int>("epochs", 1) >= job.training.epochs;
}

}  // namespace lockstep
