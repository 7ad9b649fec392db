#pragma once

#include <optional>

#include "evaluation.h"
#include "trainer_state.h"

namespace lockstep {

/// The evaluation that epochs of fit end with.
class Validation {
public:
    /// Throws ConfigError, ShapeError or DataError.
    Validation(Trainer::State& state, const Dataset& data, const FitOptions& options);

    bool is_due(int epoch) const { return (epoch + 1) % freq_ == 0; }

    /// Collective. Adds loss and metrics, as "val_...", to the logs of the epoch; goes on from where it was
    /// broken off `earlier`. If training is suspended, the state then has how far it came.
    void run(Logs& logs, const std::optional<UnfinishedValidation>& earlier, CallbackList& hooks);

private:
    Logs evaluate(const std::optional<UnfinishedValidation>& earlier, CallbackList& hooks);

    Trainer::State& state_;
    Evaluation evaluation_;
    int freq_;
};

}  // namespace lockstep
