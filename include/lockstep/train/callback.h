#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <map>
#include <string>
#include <vector>

#include <lockstep/core/config.h>
#include <lockstep/train/logs.h>
#include <lockstep/train/training_run.h>

namespace lockstep {

/// What a callback needs from the machinery on all ranks. It is collected for those that declare it only, and
/// what was not declared is refused.
struct Needs {
    bool gradient_norms = false;      // of every step
    bool gradients = false;           // of every step
    bool confusion = false;           // counts of every evaluation
    bool averaged_weights = false;    // the optimizer must have use_ema
    bool sets_learning_rate = false;  // the optimizer must not have a schedule
    std::size_t probe_samples =
        0;  // the first so many samples of the validation data, else of the training data
};

/// Base of everything in callbacks/. Override the hooks you need; names, order and logs are Keras'.
///
/// All ranks construct callbacks, so constructors have no side effects. Hooks run on rank 0 only, in the
/// order of the list, and must not communicate. A callback never asks for its rank. An exception thrown in a
/// hook ends the call of fit, evaluate or predict with that exception on every rank.
class Callback {
public:
    virtual ~Callback() = default;

    /// Asked when training starts.
    virtual Needs needs() const { return {}; }
    /// Keys that must be in the logs of an epoch; checked when training starts.
    virtual std::vector<std::string> monitored() const { return {}; }

    /// Around fit. Logs: empty; those of the last epoch.
    virtual void on_train_begin(const Logs& /*logs*/) {}
    virtual void on_train_end(const Logs& /*logs*/) {}
    /// Around an evaluation, also the one on the validation data within fit. Logs: empty; loss and metrics.
    virtual void on_test_begin(const Logs& /*logs*/) {}
    virtual void on_test_end(const Logs& /*logs*/) {}
    /// Around predict. Logs: empty.
    virtual void on_predict_begin(const Logs& /*logs*/) {}
    virtual void on_predict_end(const Logs& /*logs*/) {}

    /// Around an epoch; `epoch` counts from 0. Logs: empty; loss, metrics, val_ ones, recorded values.
    virtual void on_epoch_begin(int /*epoch*/, const Logs& /*logs*/) {}
    virtual void on_epoch_end(int /*epoch*/, const Logs& /*logs*/) {}

    /// Around a batch; `batch` counts from 0 within the epoch. Logs: empty; running means up to this batch.
    virtual void on_train_batch_begin(std::int64_t /*batch*/, const Logs& /*logs*/) {}
    virtual void on_train_batch_end(std::int64_t /*batch*/, const Logs& /*logs*/) {}
    virtual void on_test_batch_begin(std::int64_t /*batch*/, const Logs& /*logs*/) {}
    virtual void on_test_batch_end(std::int64_t /*batch*/, const Logs& /*logs*/) {}
    virtual void on_predict_batch_begin(std::int64_t /*batch*/, const Logs& /*logs*/) {}
    /// Logs: outputs.
    virtual void on_predict_batch_end(std::int64_t /*batch*/, const Logs& /*logs*/) {}

    /// After an exception ended the call, on rank 0; the last chance to close files. Must not throw.
    virtual void on_exception(const std::exception& /*error*/) noexcept {}

    /// What must survive in a checkpoint (best value, patience, rows written); null: nothing.
    virtual Config state() const { return {}; }
    /// Gets it back, on rank 0, before on_train_begin.
    virtual void restore(const Config& /*state*/) {}
    /// Copies of all weights that must survive too (the best ones, say), by name; they go with state().
    virtual std::map<std::string, std::vector<float>> kept_weights() const { return {}; }
    /// Gets them back, after restore().
    virtual void restore_kept_weights(const std::map<std::string, std::vector<float>>& /*weights*/) {}

    /// Called by the trainer.
    void attach(TrainingRun* run) { run_ = run; }

protected:
    /// The run at hand, in hooks.
    TrainingRun& run() const { return *run_; }

private:
    TrainingRun* run_ = nullptr;
};

}  // namespace lockstep
