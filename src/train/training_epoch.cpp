#include "training_epoch.h"

#include <algorithm>
#include <functional>
#include <utility>

#include <fmt/format.h>

#include <lockstep/core/stopwatch.h>
#include <lockstep/log/log.h>

#include "evaluation.h"

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
                           "batch_size, shards that are a power of two, or fewer ranks would help",
                           batch, plan.shards(batch), idle, ranks));
}

}  // namespace

TrainingEpoch::TrainingEpoch(Trainer::State& state, const Dataset& data, const FitOptions& options)
    : state_(state),
      runner_(state, options.batch_size, true,
              ClassWeights(options.class_weight, state.objective.loss(), state.model.output_shape())),
      guard_(state),
      replicas_(state),
      loader_(data, runner_.plan(), loader_options(state, data, options)),
      steps_(options.steps_per_epoch.value_or(static_cast<std::int64_t>(loader_.batches()))) {
    warn_of_idle_ranks(state, std::min(options.batch_size, data.size()));
}

Logs TrainingEpoch::run(int epoch, CallbackList& hooks) {
    take_timing();
    logs_.clear();
    if (state_.position.epoch_batch == 0) begin(epoch, hooks);
    runner_.begin_pass(state_.options.seed, state_.position.pass);
    std::int64_t number = state_.position.epoch_batch;
    while (number < steps_ && run_batch(number, hooks)) ++number;
    if (number < steps_ && !state_.suspended) state_.run.stop_training("");
    if (state_.is_root()) state_.objective.write(state_.epoch_numbers, logs_);
    return logs_;
}

void TrainingEpoch::begin(int epoch, CallbackList& hooks) {
    state_.epoch_numbers.assign(state_.objective.numbers(), 0.0);
    hooks.run(hook::epoch_begin, epoch, Logs{});
    state_.settle(hooks);
}

/// False if training stops or is suspended before this batch.
bool TrainingEpoch::run_batch(std::int64_t number, CallbackList& hooks) {
    const Batch& batch = next_batch();
    const StepControl::Action wish = wish_before(number);
    if (wish == StepControl::Action::proceed) begin_batch(number, hooks);
    if (!attempt(batch, wish, hooks)) return false;
    guard_.look(runner_);
    advance();
    replicas_.look();
    if (state_.is_root()) finish_batch(number, hooks);
    return true;
}

const Batch& TrainingEpoch::next_batch() {
    state_.session.status().set_position(state_.run.epoch(), state_.position.step);
    state_.session.status().enter(RankPhase::input);
    const Stopwatch timer;
    const Batch& batch = loader_.get(state_.position.pass, state_.position.pass_batch);
    input_seconds_ += timer.seconds();
    state_.run.set_step(state_.position.step);
    state_.run.set_batch_samples(batch.samples);
    return batch;
}

/// As in Keras, an epoch that began has a batch.
StepControl::Action TrainingEpoch::wish_before(std::int64_t number) {
    using Action = StepControl::Action;
    if (number == 0) return Action::proceed;
    if (state_.run.stops()) return Action::stop;
    return state_.is_asked_to_stop() ? Action::suspend : Action::proceed;
}

void TrainingEpoch::begin_batch(std::int64_t number, CallbackList& hooks) {
    const Stopwatch timer;
    hooks.run(hook::train_batch_begin, number, Logs{});
    callback_seconds_ += timer.seconds();
    state_.run.use_learning_rate(state_.run.learning_rate());
}

/// Tries until the batch has had its update. False if training stops or is suspended instead.
bool TrainingEpoch::attempt(const Batch& batch, StepControl::Action wish, CallbackList& hooks) {
    while (true) {
        runner_.begin(batch);
        if (state_.is_root()) state_.engine.publish(state_.decide(hooks, wish));
        if (runner_.train(batch)) return true;
        if (!state_.resolve_drop(hooks)) return false;
    }
}

void TrainingEpoch::advance() {
    TrainingPosition& position = state_.position;
    ++position.step;
    ++position.epoch_batch;
    if (++position.pass_batch < loader_.batches()) return;
    position.pass_batch = 0;
    ++position.pass;
    runner_.begin_pass(state_.options.seed, position.pass);
}

void TrainingEpoch::finish_batch(std::int64_t number, CallbackList& hooks) {
    const auto batch = state_.engine.collect();
    state_.hear_stop_signals();
    std::ranges::transform(state_.epoch_numbers, batch, state_.epoch_numbers.begin(), std::plus{});
    const Stopwatch timer;
    state_.objective.write(batch, state_.run.batch_logs_for_update());
    state_.objective.write(state_.epoch_numbers, logs_);
    hooks.run(hook::train_batch_end, number, logs_);
    callback_seconds_ += timer.seconds();
}

RankTiming TrainingEpoch::take_timing() {
    RankTiming timing = runner_.take_timing();
    timing.input = std::exchange(input_seconds_, 0.0);
    timing.callbacks = std::exchange(callback_seconds_, 0.0);
    return timing;
}

}  // namespace lockstep
