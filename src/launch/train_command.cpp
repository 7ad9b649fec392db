#include <cstdlib>
#include <memory>
#include <optional>

#include <lockstep/core/error.h>
#include <lockstep/data/batch_plan.h>
#include <lockstep/io/replace_file.h>
#include <lockstep/log/log.h>
#include <lockstep/log/setup.h>

#include "commands.h"
#include "data_setup.h"
#include "deadline.h"
#include "failures.h"
#include "job_options.h"
#include "job_parts.h"
#include "kernels.h"
#include "run_end.h"
#include "run_start.h"
#include "scaling.h"
#include "shared_job.h"
#include "start_line.h"
#include "threads.h"

namespace lockstep {
namespace {

namespace fs = std::filesystem;

Job read_job_file(const Session& session, const Arguments& arguments) {
    if (arguments.job.empty() && (arguments.run.resume.empty() || arguments.run.resume == "auto"))
        throw ConfigError("expected a job file: lockstep train JOB.toml; only --resume DIR goes without");
    const fs::path file =
        arguments.job.empty() ? arguments.run.run_dir / "job.toml" : fs::path(arguments.job);
    return read_shared_job(session, file, arguments);
}

log::Identity identity_of(const Session& session) {
    log::Identity identity = log::early_identity();
    identity.rank = session.rank();
    identity.size = session.size();
    identity.node = session.topology().node;
    identity.local_rank = session.topology().local_rank;
    return identity;
}

/// One training, from the job file to the last checkpoint. Every member function is collective.
class Training {
public:
    Training(Session& session, const Arguments& arguments)
        : session_(session),
          arguments_(arguments),
          job_(read_job_file(session, arguments)),
          parts_(make_parts(job_)) {}

    ExitCode run();

private:
    void look_over();
    void find_end();
    void start_logging() const;
    void prepare_data();
    ExitCode train();
    void load_weights(Trainer& trainer) const;
    FitOptions options(const Trainer& trainer) const;

    Session& session_;
    const Arguments& arguments_;
    Job job_;
    JobParts parts_;
    std::optional<JobData> data_;
    std::optional<Deadline> deadline_;
    RunStart start_;
};

ExitCode Training::run() {
    session_.watch_stalls(job_.run.stall_limits);
    session_.status().enter(RankPhase::loading_data);
    look_over();
    find_end();
    start_ = find_start(session_, arguments_.run, job_);
    if (is_finished(start_, job_)) {
        log::info("{}: the run is finished, {} epochs are done; set more epochs to go on",
                  start_.place.directory.string(), start_.resumed->epochs_done);
        return ExitCode::success;
    }
    start_logging();
    agree_on_kernels(session_);
    prepare_data();
    session_.status().enter(RankPhase::starting);
    return train();
}

/// All that can be found wrong before a run directory is made.
void Training::look_over() {
    if (!job_.training.elastic) check_shards(job_.training.shards, session_.size());
    session_.together([&] { data_ = open_data(job_); });
    check_parts(job_, parts_, *data_);
    session_.together([&] {
        const bool is_needed = arguments_.run.resume.empty();  // a run that goes on has its own
        if (is_needed && session_.is_root()) check_weights(job_, parts_.model);
    });
}

/// Of the time that training has; the environment of rank 0 counts.
void Training::find_end() {
    session_.together([&] {
        if (session_.is_root())
            deadline_ = find_deadline(job_, arguments_.started, std::getenv("SLURM_JOB_END_TIME"));
    });
}

void Training::start_logging() const {
    const fs::path& directory = start_.place.directory;
    log::Options options = arguments_.log.apply(job_.log);
    options.directory = (directory / "logs").string();
    session_.together([&] {
        log::configure(options, identity_of(session_));
        if (session_.is_root()) io::replace_file((directory / "job.toml").string(), job_.to_toml());
    });
    log::info("run directory {}{}", directory.string(),
              start_.resumed ? ", continued from " + start_.place.checkpoint.filename().string() : "");
}

/// A run that goes on keeps its scaling.
void Training::prepare_data() {
    cache_data(session_, job_, *data_);
    check_labels(session_, data_->train, parts_.model, *parts_.loss);
    if (data_->validation) check_labels(session_, *data_->validation, parts_.model, *parts_.loss);
    const Scaling scaling = start_.resumed
                                ? Scaling{start_.resumed->input_scaling, start_.resumed->target_scaling}
                                : fit_scaling(session_, job_, data_->train);
    data_->train = scaling.apply(data_->train);
    if (data_->validation) data_->validation = scaling.apply(*data_->validation);
}

ExitCode Training::train() {
    use_threads(job_.run.threads);
    Trainer trainer(session_, parts_.model, trainer_options(session_, job_, start_.place.directory));
    log::info("{}", start_line(trainer.info(), job_, parts_.model));
    if (const std::string note = shards_note(trainer.info(), job_); !note.empty()) log::info("{}", note);
    if (!start_.warning.empty()) log::warning("{}", start_.warning);
    load_weights(trainer);
    const History history = compute(session_, [&] { return trainer.fit(data_->train, options(trainer)); });
    tell_end(trainer, history, start_.place.directory);
    return exit_code(trainer.stop_cause());
}

/// Those that the trainer has drawn may stay, but for what layers take from the data.
void Training::load_weights(Trainer& trainer) const {
    if (start_.resumed) return trainer.restore(start_.place.checkpoint);
    if (job_.weights.empty()) return trainer.adapt(data_->train);
    trainer.load_weights(job_.weights);
    log::info("weights from {}", job_.weights.string());
}

FitOptions Training::options(const Trainer& trainer) const {
    FitOptions options = fit_options(job_);
    if (start_.resumed) options.initial_epoch += trainer.epochs_done();
    options.validation_data = data_->validation;
    options.callbacks = parts_.callbacks;
    options.deadline = deadline_;
    if (arguments_.log.quiet) options.verbose = 0;
    return options;
}

}  // namespace

ExitCode train_command(Session& session, const Arguments& arguments) {
    return Training(session, arguments).run();
}

}  // namespace lockstep
