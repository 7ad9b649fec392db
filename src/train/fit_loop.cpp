#include "fit_loop.h"

#include <algorithm>
#include <functional>
#include <utility>

#include <fmt/format.h>

#include <lockstep/core/error.h>
#include <lockstep/core/stopwatch.h>
#include <lockstep/log/log.h>
#include <lockstep/log/setup.h>
#include <lockstep/train/callback_checks.h>

#include "rank_report.h"
#include "replica_check.h"
#include "stop_checkpoint.h"

namespace lockstep {

namespace {

BatchLoader::Options loader_options(const Trainer::State& state, const Dataset& data,
                                    const FitOptions& options) {
    return {.batch_size = options.batch_size,
            .shuffle = options.shuffle,
            .seed = state.options.seed,
            .augmentation = options.augmentation,
            .read_ahead = reads_ahead(state, data)};
}

void warn_of_idle_ranks(const Trainer::State& state, std::uint64_t batch) {
    const BatchPlan plan = state.plan();
    const auto ranks = static_cast<std::size_t>(state.session.size());
    std::size_t idle = 0;
    for (std::size_t rank = 0; rank < ranks; ++rank) idle += plan.shards_of(rank, batch).count == 0 ? 1U : 0U;
    if (idle == 0 || !state.is_root()) return;
    log::write(log::Level::warning, "train",
               fmt::format("a batch of {} samples in {} shards leaves {} of {} ranks without work; a larger "
                           "batch_size, shards "
                           "that are a power of two, or fewer ranks would help",
                           batch, plan.shards(batch), idle, ranks));
}

}  // namespace

FitLoop::FitLoop(Trainer::State& state, const Dataset& training, const std::optional<Dataset>& validation,
                 const FitOptions& options)
    : state_(state),
      options_(options),
      training_(training),
      runner_(state, options.batch_size, true,
              ClassWeights(options.class_weight, state.objective.loss(), state.model.output_shape())),
      guard_(state),
      loader_(training, runner_.plan(), loader_options(state, training, options)),
      steps_(options.steps_per_epoch.value_or(static_cast<std::int64_t>(loader_.batches()))) {
    if (validation)
        validation_ = std::make_unique<Evaluation>(
            state, *validation,
            Evaluation::Options{.batch_size = options.validation_batch_size.value_or(options.batch_size),
                                .steps = options.validation_steps});
    state.run.params_for_update() = {.epochs = options.epochs,
                                     .initial_epoch = options.initial_epoch,
                                     .steps = steps_,
                                     .verbose = options.verbose,
                                     .metrics = state.objective.keys(),
                                     .has_validation = validation.has_value(),
                                     .batch_size = options.batch_size,
                                     .samples = training.size()};
    state.stop_requests.emplace(options.deadline, state.run.info().ranks);
    warn_of_idle_ranks(state, std::min(options.batch_size, training.size()));
}

void FitLoop::run(CallbackList& hooks) {
    begin(hooks);
    for (int epoch = options_.initial_epoch; goes_on(epoch); ++epoch) run_epoch(epoch, hooks);
    if (state_.suspended) take_stop_checkpoint(state_, options_.stop_checkpoint, hooks);
    hooks.freeze_states();
    hooks.run(hook::train_end, logs_);
    state_.settle(hooks);
    if (state_.is_root() && resumed_) remove_stop_checkpoint(state_, options_.stop_checkpoint);
    state_.session.status().enter(RankPhase::done);
}

void FitLoop::begin(CallbackList& hooks) {
    state_.session.together([&] {
        check_callbacks(options_.callbacks, state_.objective.epoch_keys(validation_ != nullptr),
                        *state_.optimizer);
    });
    state_.provide(hooks, options_.validation_data.value_or(training_),
                   options_.validation_data ? "validation" : "training");
    const bool continues_pass = options_.steps_per_epoch && state_.position.pass_batch < loader_.batches();
    if (state_.position.pass_batch != 0 && !continues_pass && !state_.restored) {
        ++state_.position.pass;
        state_.position.pass_batch = 0;
    }
    if (state_.position.pass_batch >= loader_.batches())
        throw DataError(
            fmt::format("the checkpoint is from batch {} of a pass over its data, here a pass has {}; "
                        "go on with the data and the batch_size that it was made with",
                        state_.position.pass_batch, loader_.batches()));
    take_records();
    restore_callbacks(hooks);
    restore_records(state_);
    state_.run.set_step(state_.position.step);
    hooks.run(hook::train_begin, Logs{});
    state_.settle(hooks);
    if (resumed_ && state_.position.step > 0) state_.run.set_step(state_.position.step - 1);  // the last one
}

/// Where there is no checkpoint to go on from, an epoch begins.
void FitLoop::restore_callbacks(CallbackList& hooks) {
    const auto restored = std::exchange(state_.restored, std::nullopt);
    if (!restored) {
        state_.position.epoch_batch = 0;
        state_.validation.reset();
        state_.records.clear();
        return;
    }
    resumed_ = true;
    state_.session.together([&] {
        if (state_.is_root()) hooks.restore(restored->states);
    });
    if (restored->stopped) state_.run.stop_training(restored->stop_reason, restored->stop_cause);
}

/// Collective. Between epochs training can be suspended, too.
bool FitLoop::goes_on(int epoch) {
    const bool is_over = state_.run.stops() && state_.position.epoch_batch == 0;
    if (state_.suspended || is_over || epoch >= options_.epochs) return false;
    state_.stop_requests->hear_all(state_.session.world());
    state_.suspended = state_.session.world().broadcast_value(state_.is_asked_to_stop());
    return !state_.suspended;
}

void FitLoop::run_epoch(int epoch, CallbackList& hooks) {
    state_.run.set_epoch(epoch);
    log::set_progress(epoch, state_.position.step);
    const auto unfinished = std::exchange(state_.validation, std::nullopt);
    if (unfinished) {
        logs_ = unfinished->logs;
        state_.run.timings_for_update() = unfinished->timings;
    } else {
        train_epoch(epoch, hooks);
    }
    if (!state_.suspended) validate(epoch, unfinished, hooks);
    if (state_.suspended) return;
    share_logs(epoch);
    ++state_.position.epochs_done;
    state_.position.epoch_batch = 0;
    hooks.run(hook::epoch_end, epoch, logs_);
    state_.settle(hooks);
}

void FitLoop::train_epoch(int epoch, CallbackList& hooks) {
    callback_seconds_ = input_seconds_ = 0;
    runner_.take_timing();
    logs_.clear();
    // Hooks of an epoch that a checkpoint lies within have seen its beginning.
    if (state_.position.epoch_batch == 0) begin_epoch(epoch, hooks);
    train_batches(hooks);
    if (state_.suspended) return;
    state_.settle(hooks);
    report_ranks();
}

void FitLoop::begin_epoch(int epoch, CallbackList& hooks) {
    state_.epoch_numbers.assign(state_.objective.numbers(), 0.0);
    hooks.run(hook::epoch_begin, epoch, Logs{});
    state_.settle(hooks);
}

void FitLoop::train_batches(CallbackList& hooks) {
    runner_.begin_pass(state_.options.seed, state_.position.pass);
    for (std::int64_t number = state_.position.epoch_batch; number < steps_; ++number)
        if (!train_batch(number, hooks)) {
            if (!state_.suspended) state_.run.stop_training("");
            break;
        }
    if (state_.is_root()) state_.objective.write(state_.epoch_numbers, logs_);
}

/// False if training stops or is suspended before this batch.
bool FitLoop::train_batch(std::int64_t number, CallbackList& hooks) {
    state_.session.status().set_position(state_.run.epoch(), state_.position.step);
    state_.session.status().enter(RankPhase::input);
    const Stopwatch input;
    const Batch& batch = loader_.get(state_.position.pass, state_.position.pass_batch);
    input_seconds_ += input.seconds();
    state_.run.set_step(state_.position.step);
    state_.run.set_batch_samples(batch.samples);
    const StepControl::Action wish = wish_before(number);
    if (wish == StepControl::Action::proceed) {
        const Stopwatch timer;
        hooks.run(hook::train_batch_begin, number, Logs{});
        callback_seconds_ += timer.seconds();
        state_.run.use_learning_rate(state_.run.learning_rate());
    }
    if (!attempt(batch, wish, hooks)) return false;
    guard_.look(runner_);
    next_batch();
    compare_replicas();
    if (state_.is_root()) finish_batch(number, hooks);
    return true;
}

/// As in Keras, an epoch that began has a batch.
StepControl::Action FitLoop::wish_before(std::int64_t number) {
    using Action = StepControl::Action;
    if (number == 0) return Action::proceed;
    if (state_.run.stops()) return Action::stop;
    return state_.is_asked_to_stop() ? Action::suspend : Action::proceed;
}

/// Tries until the batch has had its update. False if training stops or is suspended instead.
bool FitLoop::attempt(const Batch& batch, StepControl::Action wish, CallbackList& hooks) {
    while (true) {
        runner_.begin(batch);
        if (state_.is_root()) state_.engine.publish(state_.decide(hooks, wish));
        if (runner_.train(batch)) return true;
        if (!state_.resolve_drop(hooks)) return false;
    }
}

void FitLoop::next_batch() {
    ++state_.position.step;
    ++state_.position.epoch_batch;
    if (++state_.position.pass_batch < loader_.batches()) return;
    state_.position.pass_batch = 0;
    ++state_.position.pass;
    runner_.begin_pass(state_.options.seed, state_.position.pass);
}

void FitLoop::compare_replicas() const {
    const std::int64_t every = state_.options.check_replicas;
    if (every == 0 || state_.position.step % every != 0 || state_.engine.topology().nodes() == 1) return;
    state_.engine.exchange().await_all();
    check_replicas(state_.session.world(), state_.engine.topology().is_leader(), state_.model.parameters(),
                   state_.engine.exchange().weights(), state_.position.step);
}

void FitLoop::finish_batch(std::int64_t number, CallbackList& hooks) {
    const auto batch = state_.engine.collect();
    state_.hear_stop_signals();
    std::ranges::transform(state_.epoch_numbers, batch, state_.epoch_numbers.begin(), std::plus{});
    const Stopwatch timer;
    state_.objective.write(batch, state_.run.batch_logs_for_update());
    state_.objective.write(state_.epoch_numbers, logs_);
    hooks.run(hook::train_batch_end, number, logs_);
    callback_seconds_ += timer.seconds();
}

void FitLoop::validate(int epoch, const std::optional<UnfinishedValidation>& earlier, CallbackList& hooks) {
    if (!validation_ || (epoch + 1) % options_.validation_freq != 0) return;
    const std::int64_t training_steps =
        std::exchange(state_.run.params_for_update().steps, validation_->steps());
    const Logs results = validation_->run(hooks, earlier);
    state_.run.params_for_update().steps = training_steps;
    if (state_.suspended) {
        state_.validation = validation_->progress();
        state_.validation->logs = logs_;
        state_.validation->timings = state_.run.timings_for_update();
    }
    for (const auto& [key, value] : results.entries()) logs_.set("val_" + key, value);
}

/// Where the epoch's time went, and what was recorded, from all ranks to rank 0.
void FitLoop::report_ranks() {
    RankReport mine{.timing = runner_.take_timing(), .records = take_records()};
    mine.timing.input = input_seconds_;
    mine.timing.callbacks = callback_seconds_;
    std::vector<RankReport> reports;
    for (const std::string& text : state_.session.world().gather(mine.to_text()))
        reports.push_back(RankReport::from_text(text));
    auto& timings = state_.run.timings_for_update();
    timings.clear();
    for (const RankReport& report : reports) timings.push_back(report.timing);
    state_.session.together([&] { merge_records(reports, logs_); });
}

/// fit() returns the same history on every rank.
void FitLoop::share_logs(int epoch) {
    logs_ = state_.share(logs_);
    state_.history.append(epoch, logs_);
}

}  // namespace lockstep
