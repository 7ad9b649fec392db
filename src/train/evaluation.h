#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <lockstep/data/batch_loader.h>

#include "batch_runner.h"
#include "trainer_state.h"

namespace lockstep {

/// Walks over a data set without learning from it.
class Evaluation {
public:
    struct Options {
        std::uint64_t batch_size;
        std::optional<std::int64_t> steps;  // at most so many batches
    };

    /// Throws ConfigError, ShapeError or DataError.
    Evaluation(Trainer::State& state, const Dataset& data, Options options);

    std::int64_t steps() const { return steps_; }

    /// Collective. Calls the test hooks; returns loss and metrics, on rank 0 only. It ends early, without
    /// on_test_end, if training is suspended, and goes on from where it was broken off `earlier`.
    Logs run(CallbackList& hooks, const std::optional<UnfinishedValidation>& earlier = {});
    /// How far it came.
    UnfinishedValidation progress() const;

private:
    void begin(CallbackList& hooks);
    void resume(const UnfinishedValidation& earlier);
    bool run_batch(CallbackList& hooks);
    bool attempt(const Batch& batch, bool suspends, CallbackList& hooks);
    void finish_batch(CallbackList& hooks);

    Trainer::State& state_;
    BatchRunner runner_;
    BatchLoader loader_;
    std::int64_t steps_;
    std::int64_t done_ = 0;        // batches so far
    std::vector<double> numbers_;  // of them
    Logs logs_;
};

/// Whether reading ahead on a thread pays: the data may block, or this rank has a core to spare.
bool reads_ahead(const Trainer::State& state, const Dataset& data);

}  // namespace lockstep
