#include "prediction.h"

#include <algorithm>

#include "evaluation.h"

namespace lockstep {

Prediction::Prediction(Trainer::State& state, const Dataset& data, const EvaluateOptions& options)
    : state_(state),
      runner_(state, options.batch_size, false),
      loader_(data, runner_.plan(),
              {.batch_size = options.batch_size, .targets = false, .read_ahead = reads_ahead(state, data)}),
      steps_(static_cast<std::int64_t>(loader_.batches())) {
    if (options.steps) steps_ = std::min(steps_, *options.steps);
    predictions_.outputs = state.model.output_shape().size();
}

Predictions Prediction::run(CallbackList& hooks) {
    hooks.run(hook::predict_begin, Logs{});
    state_.settle(hooks);
    for (std::int64_t number = 0; number < steps_; ++number) run_batch(number, hooks);
    hooks.run(hook::predict_end, Logs{});
    state_.settle(hooks);
    return std::move(predictions_);
}

void Prediction::run_batch(std::int64_t number, CallbackList& hooks) {
    state_.session.status().enter(RankPhase::input);
    const Batch& batch = loader_.get(0, static_cast<std::uint64_t>(number));
    state_.run.set_batch_samples(batch.samples);
    hooks.run(hook::predict_batch_begin, number, Logs{});
    while (true) {
        runner_.begin(batch);
        if (state_.is_root()) state_.engine.publish(state_.decide(hooks));
        if (runner_.predict(batch)) break;
        state_.resolve_drop(hooks);
    }
    if (state_.is_root()) state_.engine.collect();
    const std::size_t before = predictions_.values.size();
    if (state_.is_root()) {
        predictions_.samples += batch.samples;
        predictions_.values.resize(predictions_.samples * predictions_.outputs);
    }
    const auto here = std::span(predictions_.values).subspan(before);
    state_.session.world().gather(runner_.outputs().values(), here);
    if (!state_.is_root()) return;
    Logs logs;
    logs.set_outputs({here.data(), batch.samples, predictions_.outputs});
    hooks.run(hook::predict_batch_end, number, logs);
}

}  // namespace lockstep
