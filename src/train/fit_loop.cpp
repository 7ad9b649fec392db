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
    warn_of_idle_ranks(state, std::min(options.batch_size, training.size()));
}

void FitLoop::run(CallbackList& hooks) {
    begin(hooks);
    const auto goes_on = [&] { return !state_.run.stops() || state_.position.epoch_batch > 0; };
    for (int epoch = options_.initial_epoch; epoch < options_.epochs && goes_on(); ++epoch)
        run_epoch(epoch, hooks);
    state_.session.report("train end", state_.run.epoch(), state_.position.step);
    hooks.freeze_states();
    hooks.run(&Callback::on_train_end, logs_);
    state_.settle(hooks);
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
    state_.run.set_step(state_.position.step);
    hooks.run(&Callback::on_train_begin, Logs{});
    state_.settle(hooks);
}

/// Where there is no checkpoint to go on from, an epoch begins.
void FitLoop::restore_callbacks(CallbackList& hooks) {
    const auto restored = std::exchange(state_.restored, std::nullopt);
    if (!restored) {
        state_.position.epoch_batch = 0;
        return;
    }
    state_.session.together([&] {
        if (state_.is_root()) hooks.restore(restored->states);
    });
    if (restored->stopped) state_.run.stop_training(restored->stop_reason, restored->stop_cause);
}

void FitLoop::run_epoch(int epoch, CallbackList& hooks) {
    state_.run.set_epoch(epoch);
    log::set_progress(epoch, state_.position.step);
    callback_seconds_ = input_seconds_ = 0;
    runner_.take_timing();
    logs_.clear();
    // Hooks of an epoch that a checkpoint lies within have seen its beginning.
    if (state_.position.epoch_batch == 0) begin_epoch(epoch, hooks);
    train_batches(hooks);
    state_.settle(hooks);
    report_ranks();
    validate(epoch, hooks);
    share_logs(epoch);
    ++state_.position.epochs_done;
    state_.position.epoch_batch = 0;
    hooks.run(&Callback::on_epoch_end, epoch, logs_);
    state_.settle(hooks);
}

void FitLoop::begin_epoch(int epoch, CallbackList& hooks) {
    state_.epoch_numbers.assign(state_.objective.numbers(), 0.0);
    hooks.run(&Callback::on_epoch_begin, epoch, Logs{});
    state_.settle(hooks);
}

void FitLoop::train_batches(CallbackList& hooks) {
    runner_.begin_pass(state_.options.seed, state_.position.pass);
    for (std::int64_t number = state_.position.epoch_batch; number < steps_; ++number)
        if (!train_batch(number, hooks)) {
            state_.run.stop_training("");
            break;
        }
    if (state_.is_root()) state_.objective.write(state_.epoch_numbers, logs_);
}

/// False if training stops before this batch.
bool FitLoop::train_batch(std::int64_t number, CallbackList& hooks) {
    const Stopwatch input;
    const Batch& batch = loader_.get(state_.position.pass, state_.position.pass_batch);
    input_seconds_ += input.seconds();
    state_.session.report("train", state_.run.epoch(), state_.position.step);
    state_.run.set_step(state_.position.step);
    state_.run.set_batch_samples(batch.samples);
    const bool stops = number > 0 && state_.run.stops();  // as in Keras, an epoch that began has a batch
    if (!stops) {
        const Stopwatch timer;
        hooks.run(&Callback::on_train_batch_begin, number, Logs{});
        callback_seconds_ += timer.seconds();
        state_.run.use_learning_rate(state_.run.learning_rate());
    }
    if (!attempt(batch, stops, hooks)) return false;
    next_batch();
    if (state_.is_root()) finish_batch(number, hooks);
    return true;
}

/// Tries until the batch has had its update. False if training stops instead.
bool FitLoop::attempt(const Batch& batch, bool stops, CallbackList& hooks) {
    while (true) {
        runner_.begin(batch);
        if (state_.is_root()) state_.engine.publish(state_.decide(hooks, stops));
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

void FitLoop::finish_batch(std::int64_t number, CallbackList& hooks) {
    const auto batch = state_.engine.collect();
    std::ranges::transform(state_.epoch_numbers, batch, state_.epoch_numbers.begin(), std::plus{});
    const Stopwatch timer;
    state_.objective.write(batch, state_.run.batch_logs_for_update());
    state_.objective.write(state_.epoch_numbers, logs_);
    hooks.run(&Callback::on_train_batch_end, number, logs_);
    callback_seconds_ += timer.seconds();
}

void FitLoop::validate(int epoch, CallbackList& hooks) {
    if (!validation_ || (epoch + 1) % options_.validation_freq != 0) return;
    state_.session.report("validation", epoch, state_.position.step);
    const std::int64_t training_steps =
        std::exchange(state_.run.params_for_update().steps, validation_->steps());
    const Logs results = validation_->run(hooks);
    state_.run.params_for_update().steps = training_steps;
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
