#pragma once

#include <cstdint>

#include <lockstep/data/batch_loader.h>

#include "batch_runner.h"
#include "non_finite_guard.h"
#include "replica_guard.h"
#include "trainer_state.h"

namespace lockstep {

/// Walks over a data set to learn from it, an epoch at a time.
class TrainingEpoch {
public:
    /// Throws ConfigError, ShapeError or DataError.
    TrainingEpoch(Trainer::State& state, const Dataset& data, const FitOptions& options);

    /// Batches of an epoch, and of a pass over the data.
    std::int64_t steps() const { return steps_; }
    std::uint64_t pass_batches() const { return loader_.batches(); }

    /// Collective, from where the position is to the end of the epoch, or less if training stops or is
    /// suspended. Calls the hooks of batches, and on_epoch_begin if none of the epoch was done before;
    /// returns loss and metrics, on rank 0 only.
    Logs run(int epoch, CallbackList& hooks);

    /// Where this rank's time went, since run() began.
    RankTiming take_timing();

private:
    void begin(int epoch, CallbackList& hooks);
    bool run_batch(std::int64_t number, CallbackList& hooks);
    const Batch& next_batch();
    StepControl::Action wish_before(std::int64_t number);
    void begin_batch(std::int64_t number, CallbackList& hooks);
    bool attempt(const Batch& batch, StepControl::Action wish, CallbackList& hooks);
    void advance();
    void finish_batch(std::int64_t number, CallbackList& hooks);

    Trainer::State& state_;
    BatchRunner runner_;
    NonFiniteGuard guard_;
    ReplicaGuard replicas_;
    BatchLoader loader_;
    std::int64_t steps_;
    double input_seconds_ = 0, callback_seconds_ = 0;
    Logs logs_;
};

}  // namespace lockstep
