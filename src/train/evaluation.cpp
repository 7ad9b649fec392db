#include "evaluation.h"

#include <algorithm>

#include <lockstep/math/blas.h>

namespace lockstep {

bool reads_ahead(const Trainer::State& state, const Dataset& data) {
    const std::int64_t cores = state.run.info().ranks[static_cast<std::size_t>(state.session.rank())].cores;
    const std::int64_t ranks = state.session.topology().local_size();
    const bool is_bound = cores < ranks || ranks == 1;  // bound: the cores are this rank's alone
    const std::int64_t busy = (is_bound ? 1 : ranks) * std::int64_t{math::blas_threads()};
    const std::int64_t spare = cores - busy;
    return data.may_block() || spare > 0;
}

Evaluation::Evaluation(Trainer::State& state, const Dataset& data, Options options)
    : state_(state),
      runner_(state, options.batch_size, false),
      loader_(data, runner_.plan(),
              {.batch_size = options.batch_size, .read_ahead = reads_ahead(state, data)}),
      steps_(static_cast<std::int64_t>(loader_.batches())),
      numbers_(state.objective.numbers()) {
    if (options.steps) steps_ = std::min(steps_, *options.steps);
}

Logs Evaluation::run(CallbackList& hooks, const std::optional<UnfinishedValidation>& earlier) {
    done_ = 0;
    std::ranges::fill(numbers_, 0.0);
    logs_.clear();
    state_.run.confusion_for_update().clear();
    if (earlier)
        resume(*earlier);
    else
        begin(hooks);
    while (done_ < steps_ && run_batch(hooks)) ++done_;
    if (state_.run.needs().confusion) state_.run.confusion_for_update().merge(state_.session.world());
    if (state_.suspended) return {};
    hooks.run(hook::test_end, logs_);
    state_.settle(hooks);
    return logs_;
}

void Evaluation::begin(CallbackList& hooks) {
    hooks.run(hook::test_begin, Logs{});
    state_.settle(hooks);
}

void Evaluation::resume(const UnfinishedValidation& earlier) {
    done_ = earlier.batches;
    if (!state_.is_root()) return;
    std::ranges::copy(earlier.numbers, numbers_.begin());
    state_.objective.write(numbers_, logs_);
    state_.run.confusion_for_update().restore(earlier.confusion);
}

UnfinishedValidation Evaluation::progress() const {
    const auto confusion =
        state_.run.needs().confusion ? state_.run.confusion().counts : std::span<const std::int64_t>{};
    return {.batches = done_, .numbers = numbers_, .confusion = {confusion.begin(), confusion.end()}};
}

/// False if training is suspended before this batch.
bool Evaluation::run_batch(CallbackList& hooks) {
    state_.session.status().enter(RankPhase::input);
    const Batch& batch = loader_.get(0, static_cast<std::uint64_t>(done_));
    state_.run.set_batch_samples(batch.samples);
    const bool suspends = state_.is_asked_to_stop();
    if (!suspends) hooks.run(hook::test_batch_begin, done_, Logs{});
    if (!attempt(batch, suspends, hooks)) return false;
    if (state_.run.needs().confusion) state_.run.confusion_for_update().add(runner_.outputs(), batch.targets);
    if (state_.is_root()) finish_batch(hooks);
    return true;
}

/// Tries until the batch was looked at. False if training is suspended instead.
bool Evaluation::attempt(const Batch& batch, bool suspends, CallbackList& hooks) {
    using Action = StepControl::Action;
    while (true) {
        runner_.begin(batch);
        if (state_.is_root())
            state_.engine.publish(state_.decide(hooks, suspends ? Action::suspend : Action::proceed));
        if (runner_.test(batch)) return true;
        if (!state_.resolve_drop(hooks)) return false;
    }
}

void Evaluation::finish_batch(CallbackList& hooks) {
    const auto batch = state_.engine.collect();
    state_.hear_stop_signals();
    std::ranges::transform(numbers_, batch, numbers_.begin(), std::plus{});
    state_.objective.write(batch, state_.run.batch_logs_for_update());
    state_.objective.write(numbers_, logs_);
    hooks.run(hook::test_batch_end, done_, logs_);
}

}  // namespace lockstep
