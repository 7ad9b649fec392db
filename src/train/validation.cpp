#include "validation.h"

#include <utility>

namespace lockstep {

Validation::Validation(Trainer::State& state, const Dataset& data, const FitOptions& options)
    : state_(state),
      evaluation_(state, data,
                  {.batch_size = options.validation_batch_size.value_or(options.batch_size),
                   .steps = options.validation_steps}),
      freq_(options.validation_freq) {}

void Validation::run(Logs& logs, const std::optional<UnfinishedValidation>& earlier, CallbackList& hooks) {
    const Logs results = evaluate(earlier, hooks);
    if (state_.suspended) {
        state_.validation = evaluation_.progress();
        state_.validation->logs = logs;
        state_.validation->timings = state_.run.timings_for_update();
    }
    for (const auto& [key, value] : results.entries()) logs.set("val_" + key, value);
}

/// Its hooks see how many batches it has.
Logs Validation::evaluate(const std::optional<UnfinishedValidation>& earlier, CallbackList& hooks) {
    RunParams& params = state_.run.params_for_update();
    const std::int64_t training_steps = std::exchange(params.steps, evaluation_.steps());
    state_.run.set_in_validation(true);
    Logs results = evaluation_.run(hooks, earlier);
    state_.run.set_in_validation(false);
    params.steps = training_steps;
    return results;
}

}  // namespace lockstep
