#pragma once

#include <optional>

#include "trainer_state.h"
#include "training_epoch.h"
#include "validation.h"

namespace lockstep {

/// One call of fit: epochs of training batches, each with its validation.
class FitLoop {
public:
    /// Collective. Throws ConfigError, ShapeError or DataError.
    FitLoop(Trainer::State& state, const Dataset& training, const std::optional<Dataset>& validation,
            const FitOptions& options);

    /// Collective.
    void run(CallbackList& hooks);

private:
    void begin(CallbackList& hooks);
    bool goes_on(int epoch);
    void run_epoch(int epoch, CallbackList& hooks);
    void train(int epoch, CallbackList& hooks);
    void end_epoch(int epoch, CallbackList& hooks);
    void end(CallbackList& hooks);

    Trainer::State& state_;
    FitOptions options_;
    Dataset data_;
    TrainingEpoch training_;
    std::optional<Validation> validation_;
    bool resumed_ = false;  // from a checkpoint
    Logs logs_;             // of the epoch at hand, later of the last one
};

}  // namespace lockstep
