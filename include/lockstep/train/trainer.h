#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <lockstep/comm/session.h>
#include <lockstep/core/config.h>
#include <lockstep/core/matrix_view.h>
#include <lockstep/data/dataset.h>
#include <lockstep/data/sample_order.h>
#include <lockstep/nn/sequential.h>
#include <lockstep/train/callback.h>
#include <lockstep/train/class_weights.h>
#include <lockstep/train/history.h>
#include <lockstep/train/logs.h>
#include <lockstep/train/non_finite.h>

namespace lockstep {

/// Where the weights of a step are kept and updated.
enum class ExchangeMode {
    automatic,       // shared if the node's shared memory has room, else private
    node_shared,     // one copy per node
    private_copies,  // one copy per rank
};

/// Keras' compile(), and what the run as a whole needs.
struct TrainerOptions {
    Config loss = {};                           // a name or a table with `type`
    std::vector<Config> metrics = {};           // likewise
    std::vector<Config> weighted_metrics = {};  // likewise; samples count in them by their weights
    Config optimizer = "rmsprop";               // likewise
    std::uint64_t seed = 0;
    std::size_t shards = 0;  // 0: one per rank, and results depend on the number of ranks
    bool elastic = false;    // also on ranks that `shards` cannot be spread over: with one per rank
    ExchangeMode exchange = ExchangeMode::automatic;
    NonFinite on_nonfinite = NonFinite::ignore;  // gradients with NaN or Inf
    std::int64_t check_replicas = 0;  // compare copies of weights and slots every so many steps; 0: never
    std::filesystem::path directory = ".";  // where callbacks' relative paths begin
    Config notes = Config::table();         // kept in checkpoints and run logs: the job's text, say
};

/// When training has to stop at the latest.
struct Deadline {
    std::chrono::system_clock::time_point time;  // by the clock of rank 0
    std::string reason = "the deadline has come";
};

/// Keras' fit().
struct FitOptions {
    std::uint64_t batch_size = 32;  // of the whole world
    int epochs = 1;                 // number of the last epoch
    int initial_epoch = 0;
    std::optional<std::int64_t> steps_per_epoch = {};  // an epoch then continues the pass over the data
    Shuffle shuffle = true;
    ClassWeight class_weight = {};          // not in validation; times the samples' weights, if they have any
    std::vector<float> sample_weight = {};  // one per sample, in place of those of the data
    std::vector<Config> augmentation = {};  // of the training samples; each a name or a table with `type`
    std::optional<Dataset> validation_data = {};
    double validation_split = 0.0;  // the last samples, before shuffling
    std::optional<std::int64_t> validation_steps = {};
    std::optional<std::uint64_t> validation_batch_size = {};
    int validation_freq = 1;  // every so many epochs
    int verbose = 1;          // for callbacks that show progress
    std::vector<std::shared_ptr<Callback>> callbacks = {};
    std::optional<Deadline> deadline = {};
    /// Written when a signal (StopSignals) or the deadline stops training, removed when training that went on
    /// from a checkpoint ends well. Absolute, or below the run directory.
    std::filesystem::path stop_checkpoint = "checkpoints/stopped.h5";
};

/// Keras' evaluate() and predict().
struct EvaluateOptions {
    std::uint64_t batch_size = 32;
    std::vector<float> sample_weight = {};  // as in fit(); predict() has no use for it
    std::optional<std::int64_t> steps = {};
    int verbose = 1;
    std::vector<std::shared_ptr<Callback>> callbacks = {};
};

/// What the samples of one batch count.
struct BatchWeights {
    std::span<const float> sample_weight = {};  // one per row; empty: all 1
    ClassWeight class_weight = {};
};

/// Predictions in the order of the data, in the user's units, on rank 0; empty elsewhere.
struct Predictions {
    std::vector<float> values;  // [samples, outputs]
    std::size_t samples = 0;
    std::size_t outputs = 0;
    ConstMatrix matrix() const { return {values.data(), samples, outputs}; }
};

/// Trains a model on all ranks of a session. Every member function with "Collective" must be called by all
/// ranks with the same arguments, and not in a hook; what it returns is the same on every rank, but for
/// predictions.
///
///     Trainer trainer(session, model, {.loss = "sparse_categorical_crossentropy", .metrics = {"accuracy"},
///     .optimizer = "adam"}); const History history = trainer.fit(data, {.batch_size = 128, .epochs = 5});
class Trainer {
public:
    /// Collective. Builds the model and gives it its initial weights. `session` and `model` must outlive the
    /// trainer. Throws ConfigError (unknown names, a number of ranks that does not divide `shards`),
    /// ShapeError, MpiError.
    Trainer(Session& session, Sequential& model, TrainerOptions options);
    ~Trainer();
    Trainer(const Trainer&) = delete;
    Trainer& operator=(const Trainer&) = delete;

    /// Collective. Keras' adapt(), for all Normalization layers that take mean and variance from data: those
    /// of the inputs of `data`, the same bits on any number of ranks. Does nothing if the model has none.
    /// Throws ConfigError if one comes behind a layer that computes something, ShapeError if a sample does
    /// not consist of its features, DataError (NaN or infinite values), IoError.
    void adapt(const Dataset& data);

    /// Collective. Trains from `initial_epoch` to `epochs`. While a StopSignals lives, a signal to any rank
    /// ends it before the next batch, in a validation too, and so does the deadline: it writes
    /// `stop_checkpoint`, runs on_train_end, and stop_cause() is StopCause::request then. Trainer::restore()
    /// and fit() go on from there to the same bits. Throws ConfigError, ShapeError, DataError, IoError, what
    /// hooks throw, DivergedError (on_nonfinite), and Error if copies of weights or optimizer differ
    /// (check_replicas).
    History fit(const Dataset& data, FitOptions options);

    /// Collective. Loss and metrics over all samples. The loss is the sum of weight x loss over the number of
    /// samples, weighted metrics divide by the sum of weights.
    Logs evaluate(const Dataset& data, EvaluateOptions options = {});

    /// Collective.
    Predictions predict(const Dataset& data, EvaluateOptions options = {});

    /// Collective. One update on one global batch, the same on every rank; each rank works on its shards of
    /// it. Loss and metrics of the batch.
    Logs train_on_batch(ConstMatrix inputs, ConstMatrix targets, const BatchWeights& weights = {});
    /// Collective. The same without the update.
    Logs test_on_batch(ConstMatrix inputs, ConstMatrix targets, std::span<const float> sample_weight = {});

    /// A copy of all weights, laid out by model.parameters(). On every rank.
    std::vector<float> get_weights() const;
    /// Collective; the same weights on every rank. Throws ShapeError on a wrong size.
    void set_weights(std::span<const float> weights);

    /// Of the next update.
    double learning_rate() const;
    /// On every rank. Throws ConfigError as TrainingRun::set_learning_rate() does.
    void set_learning_rate(double rate);

    /// Collective. Writes weights, optimizer slots and the position in training. Throws IoError.
    void save(const std::filesystem::path& path);
    /// Collective. Continues where the checkpoint was taken: the next fit() starts there, with the callbacks'
    /// states. Throws IoError, DataError, ConfigError if it is of another model, optimizer, seed or shards;
    /// with `elastic`, other shards are no error, and from there on results are others than without a stop.
    void restore(const std::filesystem::path& path);
    /// Collective. Only the weights: of a checkpoint, or of a `.weights.h5` file of Keras (keras_weights.h).
    /// Throws IoError, DataError.
    void load_weights(const std::filesystem::path& path);

    /// Why the last fit ended before its last epoch; on rank 0, empty if it did not.
    const std::string& stop_reason() const;
    /// On every rank.
    StopCause stop_cause() const;
    /// Epochs trained, those of a restored checkpoint included.
    int epochs_done() const;
    const RunInfo& info() const;

    class State;  // the trainer's own parts share it

private:
    std::unique_ptr<State> state_;
};

}  // namespace lockstep
