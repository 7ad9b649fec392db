#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <lockstep/core/config.h>
#include <lockstep/io/table_file.h>
#include <lockstep/nn/sequential.h>
#include <lockstep/train/logs.h>
#include <lockstep/train/probe.h>

namespace lockstep {

/// What Keras calls `params`, and what the run is about.
struct RunParams {
    int epochs = 1;
    int initial_epoch = 0;
    std::int64_t steps = 0;                 // batches per epoch (of the evaluation, of the prediction)
    int verbose = 1;                        // 0 silent, 1 progress bar, 2 one line per epoch
    std::vector<std::string> metrics = {};  // keys of the logs without val_: loss, accuracy, ...
    bool has_validation = false;
    std::uint64_t batch_size = 0;  // of the whole world
    std::uint64_t samples = 0;     // of the data
};

/// Where each rank runs.
struct RankPlace {
    std::string host;
    std::int64_t pid;
    std::int64_t cores;
    std::string blas_core;
};

/// Seconds of one epoch on one rank.
struct RankTiming {
    double compute = 0, exchange = 0, input = 0, callbacks = 0, wait = 0;
};

/// Who trains, and how.
struct RunInfo {
    int world_size = 1;
    int nodes = 1;
    std::uint64_t seed = 0;
    std::size_t shards = 0;     // 0: one per rank
    std::string exchange = {};  // "shared" or "private"
    std::vector<RankPlace> ranks = {};
};

/// The norms of one step's gradients (mean over the batch, before clipping by norm), by weight in the order
/// of model().parameters().parameters.
struct GradientNorms {
    std::span<const double> weights;
    double global = 0;
};

/// How often a sample of one class was taken for one of another, over a whole evaluation and all ranks.
struct ConfusionCounts {
    std::size_t classes = 0;
    std::span<const std::int64_t> counts = {};  // [target class][predicted class]
};

/// Why training ends before its last epoch.
enum class StopCause {
    wish,      // of a callback or the user
    request,   // from outside, by a signal or a deadline: there is a checkpoint to go on from (exit code 75)
    diverged,  // the loss is not finite: the program ends with exit code 4
};

/// A checkpoint that a callback asks for.
struct CheckpointRequest {
    std::filesystem::path path;  // absolute, or below the run directory
    bool weights_only = false;
};

/// The run as callbacks see it, on rank 0. Wishes (stop, learning rate, weights, checkpoints) are carried out
/// on all ranks by the trainer, after the hook.
class TrainingRun {
public:
    virtual ~TrainingRun() = default;

    virtual const Sequential& model() const = 0;
    virtual const RunParams& params() const = 0;
    virtual const RunInfo& info() const = 0;
    /// Where relative output paths begin.
    virtual const std::filesystem::path& directory() const = 0;
    /// output_path() of a file that one callback alone writes in this call of fit. Throws ConfigError if
    /// another has claimed it.
    virtual std::filesystem::path claim_output(const std::filesystem::path& path) = 0;
    /// `path` itself if it is absolute, else below directory(); its parent directory is made. Throws IoError,
    /// or ConfigError if it is relative and leads out of directory().
    virtual std::filesystem::path output_path(const std::filesystem::path& path) const = 0;

    virtual int epoch() const = 0;  // from 0; in on_train_begin the one that is next
    /// Updates begun since the start of training, from 0: in train batch hooks, this one.
    virtual std::int64_t step() const = 0;
    /// Of the batch at hand, over all ranks.
    virtual std::uint64_t batch_samples() const = 0;
    /// Loss and metrics of the batch at hand alone, under the keys of the logs; valid in batch-end hooks.
    virtual const Logs& batch_logs() const = 0;

    /// The rate of the next step.
    virtual double learning_rate() const = 0;
    /// The rate that the last step was made with; before the first step, that of the next one.
    virtual double used_learning_rate() const = 0;
    /// Takes effect in the step at hand (in on_train_batch_begin) or the next one. Throws ConfigError if it
    /// is negative or not finite, or the optimizer has a schedule.
    virtual void set_learning_rate(double rate) = 0;

    /// Training ends after this batch (validation and on_epoch_end still run) or, outside of batches, after
    /// this epoch. The first call counts, unless a later one has a cause further down in StopCause.
    virtual void stop_training(std::string reason, StopCause cause = StopCause::wish) = 0;
    virtual bool stops() const = 0;
    virtual const std::string& stop_reason() const = 0;
    /// Counts if stops(). In on_train_end, `request` means that training is not over.
    virtual StopCause stop_cause() const = 0;

    /// All weights, laid out by model().parameters(); valid in the hook.
    virtual std::span<const float> weights() const = 0;
    /// A copy of them.
    std::vector<float> get_weights() const {
        const auto all = weights();
        return {all.begin(), all.end()};
    }
    /// The running average of the weights that an optimizer with use_ema keeps, laid out like weights();
    /// empty without use_ema. Valid in the hook.
    virtual std::span<const float> averaged_weights() const = 0;
    /// Installed on every node before the next computation; a step under way is begun again with them. Throws
    /// ShapeError on a wrong size.
    virtual void set_weights(std::vector<float> weights) = 0;

    /// Written after all callbacks had this hook. Training goes on from batches and from ends of epochs, not
    /// from within a validation: there, a checkpoint of more than the weights waits until all callbacks had
    /// on_epoch_end.
    virtual void request_checkpoint(CheckpointRequest request) = 0;
    /// Removed, if it is there, after all checkpoints that this hook asked for are written: until then it is
    /// what an interrupted training goes on from. It stays if one of them cannot be written.
    virtual void remove_checkpoint(const std::filesystem::path& path) = 0;

    /// For callbacks that declared Needs::gradient_norms; valid in on_train_batch_end. Throws Error if the
    /// callback did not declare it.
    virtual GradientNorms gradient_norms() const = 0;
    /// For callbacks that declared Needs::gradients; valid in on_train_batch_end: what the optimizer was
    /// given, the mean over the batch, clipped; laid out like weights(). Throws Error if it was not declared.
    virtual std::span<const float> gradients() const = 0;
    /// For callbacks that declared Needs::confusion; valid in on_test_end and, with the counts of the
    /// validation, in on_epoch_end (no classes if there was none). Throws Error if it was not declared.
    virtual ConfusionCounts confusion() const = 0;
    /// For callbacks that declared Needs::probe_samples; at least so many. Throws Error if none did.
    virtual Probe& probe() = 0;
    /// By rank, in on_epoch_end: the epoch just ended.
    virtual std::span<const RankTiming> timings() const = 0;

    /// The file that RunLogger keeps, for callbacks that add tables to it; from on_train_begin, after
    /// RunLogger's own. Throws ConfigError if no RunLogger came before in the list.
    virtual io::TableFile& run_file() const = 0;
    /// For RunLogger: the file of this call of fit; null when it is closed.
    virtual void share_run_file(std::shared_ptr<io::TableFile> file) = 0;

    /// TrainerOptions::notes: facts worth keeping with the run, such as the text of its job file.
    virtual const Config& notes() const = 0;
};

}  // namespace lockstep
