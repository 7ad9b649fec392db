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

Logs Evaluation::run(CallbackList& hooks) {
    std::ranges::fill(numbers_, 0.0);
    logs_.clear();
    state_.run.confusion_for_update().clear();
    hooks.run(hook::test_begin, Logs{});
    state_.settle(hooks);
    for (std::int64_t number = 0; number < steps_; ++number) run_batch(number, hooks);
    if (state_.run.needs().confusion) state_.run.confusion_for_update().merge(state_.session.world());
    hooks.run(hook::test_end, logs_);
    state_.settle(hooks);
    return logs_;
}

void Evaluation::run_batch(std::int64_t number, CallbackList& hooks) {
    state_.session.status().enter(RankPhase::input);
    const Batch& batch = loader_.get(0, static_cast<std::uint64_t>(number));
    state_.run.set_batch_samples(batch.samples);
    hooks.run(hook::test_batch_begin, number, Logs{});
    while (true) {
        runner_.begin(batch);
        if (state_.is_root()) state_.engine.publish(state_.decide(hooks, false));
        if (runner_.test(batch)) break;
        state_.resolve_drop(hooks);
    }
    if (state_.run.needs().confusion) state_.run.confusion_for_update().add(runner_.outputs(), batch.targets);
    if (state_.is_root()) finish_batch(number, hooks);
}

void Evaluation::finish_batch(std::int64_t number, CallbackList& hooks) {
    const auto batch = state_.engine.collect();
    std::ranges::transform(numbers_, batch, numbers_.begin(), std::plus{});
    state_.objective.write(batch, state_.run.batch_logs_for_update());
    state_.objective.write(numbers_, logs_);
    hooks.run(hook::test_batch_end, number, logs_);
}

}  // namespace lockstep
