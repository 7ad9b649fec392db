#include "saved_run.h"

#include <lockstep/core/error.h>
#include <lockstep/launch/job_file.h>
#include <lockstep/launch/run_directory.h>

#include "data_setup.h"
#include "elements.h"
#include "scaling.h"
#include "shared_job.h"

namespace lockstep {
namespace {

namespace fs = std::filesystem;

fs::path last_checkpoint(const fs::path& run) {
    fs::path newest = newest_checkpoint(checkpoint_directory(run));
    if (!newest.empty()) return newest;
    throw ConfigError(run.string() + ": there is no sound checkpoint in " +
                      checkpoint_directory(run).string());
}

fs::path best_checkpoint(const fs::path& run) {
    fs::path best = checkpoint_directory(run) / "best.h5";
    if (fs::exists(best)) return best;
    throw ConfigError(best.string() +
                      ": there is none; a model_checkpoint with path = \"checkpoints/best.h5\" makes one, "
                      "and --checkpoint last takes the newest");
}

fs::path named_checkpoint(const fs::path& run, const std::string& name) {
    for (const fs::path& path : {checkpoint_directory(run) / name, run / name, fs::path(name)})
        if (fs::is_regular_file(path)) return path;
    throw ConfigError("--checkpoint " + name + ": there is no such file, neither in " +
                      checkpoint_directory(run).string() + " nor below the working directory");
}

SavedRun open_checkpoint(const Session& session, const Arguments& arguments) {
    SavedRun saved;
    session.together([&] {
        if (session.is_root()) saved.checkpoint = find_checkpoint(arguments.target, arguments.checkpoint);
    });
    saved.checkpoint = session.world().broadcast(saved.checkpoint.string());
    session.together([&] { saved.info = read_checkpoint_info(saved.checkpoint); });
    if (saved.info.notes.contains("job")) {
        const std::string name = saved.checkpoint.string() + ", job";
        saved.job = read_job(parse_toml(saved.info.notes.get<std::string>("job"), name), saved.checkpoint);
    }
    return saved;
}

/// As training would scale it.
void scale(const Session& session, const Job& job, CheckpointInfo& info) {
    if (job.normalize.empty() && job.normalize_targets.empty()) return;
    std::optional<JobData> data;
    session.together([&] { data = open_data(job); });
    const Scaling scaling = fit_scaling(session, job, data->train);
    info.input_scaling = scaling.inputs;
    info.target_scaling = scaling.targets;
}

/// A network that was not trained here: the job says all but the weights.
SavedRun open_job(const Session& session, const Arguments& arguments) {
    SavedRun saved;
    saved.job = read_shared_job(session, arguments.target, arguments);
    const Job& job = *saved.job;
    if (job.weights.empty())
        throw ConfigError(arguments.target +
                          ": expected weights, the job names none; name them with --weights FILE or in "
                          "model.weights, or name a run directory in place of the job");
    saved.checkpoint = job.weights;
    saved.info.model = job.model;
    saved.info.training = Config::table({{"loss", job.training.loss},
                                         {"metrics", Config::array(job.training.metrics)},
                                         {"weighted_metrics", Config::array(job.training.weighted_metrics)},
                                         {"optimizer", job.training.optimizer},
                                         {"seed", static_cast<std::size_t>(job.run.seed)},
                                         {"shards", job.training.shards}});
    scale(session, job, saved.info);
    return saved;
}

}  // namespace

fs::path find_checkpoint(const fs::path& target, const std::string& choice) {
    if (!fs::exists(target))
        throw ConfigError(target.string() + ": there is no such run directory or checkpoint");
    if (!fs::is_directory(target)) return target;
    if (choice == "last") return last_checkpoint(target);
    return choice == "best" ? best_checkpoint(target) : named_checkpoint(target, choice);
}

SavedRun open_saved_run(const Session& session, const Arguments& arguments) {
    const bool is_job = fs::path(arguments.target).extension() == ".toml";
    SavedRun saved = is_job ? open_job(session, arguments) : open_checkpoint(session, arguments);
    if (is_job || arguments.weights.empty()) return saved;
    saved.checkpoint = arguments.weights;
    saved.info.epochs_done = 0;
    saved.info.step = 0;
    return saved;
}

TrainerOptions saved_options(const SavedRun& saved) {
    const Config& training = saved.info.training;
    TrainerOptions options{.loss = training.at("loss"),
                           .metrics = elements(training.find("metrics")),
                           .weighted_metrics = elements(training.find("weighted_metrics")),
                           .optimizer = training.at("optimizer"),
                           .directory = "."};
    options.seed = training.get<std::size_t>("seed", 0);
    options.shards = training.get<std::size_t>("shards", 0);
    options.elastic = true;
    return options;
}

}  // namespace lockstep
