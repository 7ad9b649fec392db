#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <lockstep/data/batch_loader.h>

#include "batch_runner.h"
#include "evaluation.h"
#include "non_finite_guard.h"
#include "trainer_state.h"

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
    void restore_callbacks(CallbackList& hooks);
    bool goes_on(int epoch);
    void run_epoch(int epoch, CallbackList& hooks);
    void train_epoch(int epoch, CallbackList& hooks);
    void begin_epoch(int epoch, CallbackList& hooks);
    void train_batches(CallbackList& hooks);
    bool train_batch(std::int64_t number, CallbackList& hooks);
    StepControl::Action wish_before(std::int64_t number);
    bool attempt(const Batch& batch, StepControl::Action wish, CallbackList& hooks);
    void finish_batch(std::int64_t number, CallbackList& hooks);
    void next_batch();
    void compare_replicas() const;
    void validate(int epoch, const std::optional<UnfinishedValidation>& earlier, CallbackList& hooks);
    void report_ranks();
    void share_logs(int epoch);

    Trainer::State& state_;
    FitOptions options_;
    Dataset training_;
    BatchRunner runner_;
    NonFiniteGuard guard_;
    BatchLoader loader_;
    std::unique_ptr<Evaluation> validation_;
    std::int64_t steps_;    // per epoch
    bool resumed_ = false;  // from a checkpoint
    double input_seconds_ = 0, callback_seconds_ = 0;
    Logs logs_;  // of the epoch at hand, later of the last one
};

}  // namespace lockstep
