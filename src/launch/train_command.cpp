#include <cstdlib>

#include <fmt/format.h>

#include <lockstep/data/batch_plan.h>
#include <lockstep/launch/job_file.h>
#include <lockstep/launch/resume.h>
#include <lockstep/log/log.h>
#include <lockstep/log/setup.h>
#include <lockstep/math/blas.h>
#include <lockstep/nn/registry.h>
#include <lockstep/train/checkpoint.h>

#include "commands.h"
#include "data_setup.h"
#include "deadline.h"
#include "failures.h"
#include "scaling.h"
#include "start_line.h"
#include "threads.h"
#include "train_setup.h"

namespace lockstep {
namespace {

namespace fs = std::filesystem;

/// One training, from the job file to the last checkpoint. Every member function is collective.
class Training {
public:
    Training(Session& session, const Arguments& arguments)
        : session_(session), arguments_(arguments), job_(read_job_file()), model_(build_model(job_)) {}

    ExitCode run();

private:
    Job read_job_file() const;
    void look_over();
    void find_end();
    void find_place();
    void require_resumable();
    bool is_finished() const;
    void start_logging() const;
    void scale_data();
    ExitCode train();
    void load_weights(Trainer& trainer) const;
    TrainerOptions trainer_options() const;
    FitOptions fit_options(const Trainer& trainer) const;
    void tell_end(const Trainer& trainer, const History& history) const;

    Session& session_;
    const Arguments& arguments_;
    Job job_;
    Sequential model_;
    std::unique_ptr<Loss> loss_;
    std::vector<std::shared_ptr<Callback>> callbacks_;
    std::optional<JobData> data_;
    std::optional<Deadline> deadline_;
    RunPlace place_;
    std::optional<CheckpointInfo> resumed_;
};

ExitCode exit_code(StopCause cause) {
    switch (cause) {
        case StopCause::request:
            return ExitCode::requeue;
        case StopCause::diverged:
            return ExitCode::diverged;
        case StopCause::wish:
            break;
    }
    return ExitCode::success;
}

ExitCode Training::run() {
    session_.watch_stalls(job_.run.stall_limits);
    session_.status().enter(RankPhase::loading_data);
    look_over();
    find_end();
    find_place();
    if (is_finished()) {
        log::info("{}: the run is finished, {} epochs are done; set more epochs to go on",
                  place_.directory.string(), resumed_->epochs_done);
        return ExitCode::success;
    }
    start_logging();
    cache_data(session_, job_, *data_);
    check_labels(session_, data_->train, model_, *loss_);
    if (data_->validation) check_labels(session_, *data_->validation, model_, *loss_);
    agree_on_kernels(session_);
    scale_data();
    session_.status().enter(RankPhase::starting);
    return train();
}

Job Training::read_job_file() const {
    if (arguments_.job.empty() && (arguments_.run.resume.empty() || arguments_.run.resume == "auto"))
        throw ConfigError("expected a job file: lockstep train JOB.toml; only --resume DIR goes without");
    const fs::path file =
        arguments_.job.empty() ? arguments_.run.run_dir / "job.toml" : fs::path(arguments_.job);
    return read_shared_job(session_, file, arguments_);
}

/// All that can be found wrong before a run directory is made.
void Training::look_over() {
    check_shards(job_.training.shards, session_.size());
    loss_ = make_loss(job_.training.loss);
    for (const Config& metric : job_.training.metrics) make_metric(metric);
    for (const Config& metric : job_.training.weighted_metrics) make_metric(metric);
    check_class_weight(job_, model_, *loss_);
    make_optimizer(job_.training.optimizer);
    callbacks_ = make_callbacks(job_);
    session_.together([&] { data_ = open_data(job_); });
    check_shapes(job_, *data_, model_, loss_.get());
    check_callbacks(job_, callbacks_, model_, *data_);
    session_.together([&] {
        const bool is_needed = arguments_.run.resume.empty();  // a run that goes on has its own
        if (is_needed && session_.is_root()) check_weights(job_, model_);
    });
}

/// Of the time that training has; the environment of rank 0 counts.
void Training::find_end() {
    session_.together([&] {
        if (session_.is_root())
            deadline_ = find_deadline(job_, arguments_.started, std::getenv("SLURM_JOB_END_TIME"));
    });
}

void Training::find_place() {
    session_.together([&] {
        if (session_.is_root()) place_ = place_run(arguments_.run, job_.run);
    });
    place_.directory = session_.world().broadcast(place_.directory.string());
    place_.checkpoint = session_.world().broadcast(place_.checkpoint.string());
    if (!place_.checkpoint.empty()) require_resumable();
}

void Training::require_resumable() {
    session_.together([&] { resumed_ = read_checkpoint_info(place_.checkpoint); });
    const Config& notes = resumed_->notes;
    if (notes.contains("job"))
        require_same_job(parse_toml(notes.get<std::string>("job"), place_.checkpoint.string()),
                         job_.resolved);
    const int ranks = notes.get<int>("ranks", session_.size());
    if (job_.training.shards == 0 && ranks != session_.size())
        throw ConfigError(fmt::format(
            "{}: the run began on {} ranks with one shard per rank and can only go on with as many, not on "
            "{}; training.shards in a new run makes it independent of ranks",
            place_.directory.string(), ranks, session_.size()));
}

/// The last checkpoint is the final one, of all epochs or of a job with no fewer: it may have stopped early.
bool Training::is_finished() const {
    if (!resumed_ || place_.checkpoint.filename() != final_checkpoint("").filename()) return false;
    if (job_.training.initial_epoch + resumed_->epochs_done >= job_.training.epochs) return true;
    if (!resumed_->notes.contains("job")) return false;
    const Config began = parse_toml(resumed_->notes.get<std::string>("job"), place_.checkpoint.string());
    return began.at("training").get<int>("epochs", 1) >= job_.training.epochs;
}

void Training::start_logging() const {
    log::Options options = arguments_.log.apply(job_.log);
    options.directory = (place_.directory / "logs").string();
    const Topology& topology = session_.topology();
    log::Identity identity = log::early_identity();
    identity.rank = session_.rank();
    identity.size = session_.size();
    identity.node = topology.node;
    identity.local_rank = topology.local_rank;
    session_.together([&] {
        log::configure(options, identity);
        if (session_.is_root()) write_job_file(job_, place_.directory);
    });
    log::info("run directory {}{}", place_.directory.string(),
              resumed_ ? ", continued from " + place_.checkpoint.filename().string() : "");
}

/// A run that goes on keeps its scaling.
void Training::scale_data() {
    const Scaling scaling = resumed_ ? Scaling{resumed_->input_scaling, resumed_->target_scaling}
                                     : fit_scaling(session_, job_, data_->train);
    data_->train = scaling.apply(data_->train);
    if (data_->validation) data_->validation = scaling.apply(*data_->validation);
}

TrainerOptions Training::trainer_options() const {
    return {.loss = job_.training.loss,
            .metrics = job_.training.metrics,
            .weighted_metrics = job_.training.weighted_metrics,
            .optimizer = job_.training.optimizer,
            .seed = job_.run.seed,
            .shards = job_.training.shards,
            .exchange = job_.run.exchange,
            .on_nonfinite = job_.training.on_nonfinite,
            .check_replicas = job_.training.check_replicas,
            .directory = place_.directory,
            .notes = run_notes(session_, job_)};
}

FitOptions Training::fit_options(const Trainer& trainer) const {
    const TrainingSection& training = job_.training;
    FitOptions options{.batch_size = training.batch_size,
                       .epochs = training.epochs,
                       .initial_epoch = training.initial_epoch + (resumed_ ? trainer.epochs_done() : 0),
                       .steps_per_epoch = training.steps_per_epoch,
                       .shuffle = training.shuffle,
                       .class_weight = training.class_weight,
                       .augmentation = job_.augmentation,
                       .validation_data = data_->validation,
                       .validation_steps = training.validation_steps,
                       .validation_batch_size = training.validation_batch_size,
                       .validation_freq = training.validation_freq,
                       .verbose = training.verbose.value_or(1),
                       .callbacks = callbacks_,
                       .deadline = deadline_,
                       .stop_checkpoint = stop_checkpoint("")};
    if (arguments_.log.quiet) options.verbose = 0;
    return options;
}

/// Those that the trainer has drawn may stay, but for what layers take from the data.
void Training::load_weights(Trainer& trainer) const {
    if (resumed_) return trainer.restore(place_.checkpoint);
    if (job_.weights.empty()) return trainer.adapt(data_->train);
    trainer.load_weights(job_.weights);
    log::info("weights from {}", job_.weights.string());
}

ExitCode Training::train() {
    use_threads(job_.run.threads);
    Trainer trainer(session_, model_, trainer_options());
    log::info("{}", start_line(trainer.info(), job_, model_));
    if (const std::string note = shards_note(trainer.info()); !note.empty()) log::info("{}", note);
    load_weights(trainer);
    const History history =
        compute(session_, [&] { return trainer.fit(data_->train, fit_options(trainer)); });
    tell_end(trainer, history);
    return exit_code(trainer.stop_cause());
}

void Training::tell_end(const Trainer& trainer, const History& history) const {
    if (trainer.stop_cause() == StopCause::request)
        return log::info(
            "training stopped on request: {}; {} is written, to go on: lockstep train --resume {}",
            trainer.stop_reason(), stop_checkpoint(place_.directory).string(), place_.directory.string());
    std::string results;
    if (!history.epochs().empty())
        for (const std::string& key : history.keys())
            results += fmt::format(", {} {:.4g}", key, history.at(key).back());
    if (!trainer.stop_reason().empty()) log::info("training stopped: {}", trainer.stop_reason());
    const int epochs = trainer.epochs_done();
    log::info("{} {} done{}; everything is in {}", epochs, epochs == 1 ? "epoch" : "epochs", results,
              place_.directory.string());
}

}  // namespace

ExitCode train_command(Session& session, const Arguments& arguments) {
    return Training(session, arguments).run();
}

}  // namespace lockstep
