#pragma once

#include <cstdint>

#include <lockstep/data/batch_loader.h>

#include "batch_runner.h"
#include "trainer_state.h"

namespace lockstep {

/// Walks over a data set and brings the outputs to rank 0, in the order of the data.
class Prediction {
public:
    Prediction(Trainer::State& state, const Dataset& data, const EvaluateOptions& options);

    std::int64_t steps() const { return steps_; }

    /// Collective. Calls the predict hooks.
    Predictions run(CallbackList& hooks);

private:
    void run_batch(std::int64_t number, CallbackList& hooks);

    Trainer::State& state_;
    BatchRunner runner_;
    BatchLoader loader_;
    std::int64_t steps_;
    Predictions predictions_;
};

}  // namespace lockstep
