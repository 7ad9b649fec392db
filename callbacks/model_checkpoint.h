#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <lockstep/callbacks/save_freq.h>
#include <lockstep/core/registry.h>
#include <lockstep/train/callback.h>

namespace lockstep {

/// Writes checkpoints: after every epoch, every so many epochs or batches, or every so often; all of them, or
/// those with a better value of a key than any before.
///
///     std::make_shared<ModelCheckpoint>(ModelCheckpoint::Options{
///         .path = "best/{epoch:02d}-{val_loss:.4f}.h5", .save_best_only = true, .max_to_keep = 3})
///
/// A file is written when all callbacks had the hook, so that their order does not matter, and appears whole.
/// When logs lack a key that is needed (val_loss in an epoch without validation), nothing is saved. Weights
/// whose loss is not finite are not saved either: they would push out those that can be used. A run resumed
/// from a checkpoint within an epoch goes on with the next batch.
///
/// The best value lives as long as the callback, over several calls of fit, as in Keras; it, the files to
/// keep and the time since the last save survive in checkpoints.
class ModelCheckpoint final : public Callback {
public:
    struct Options {
        /// Places for {epoch}, {step}, {batch} (from 1) and keys of the logs, with formats. Absolute, or
        /// below the run directory.
        std::string path = "checkpoints/epoch-{epoch:04d}.h5";
        std::string monitor = "val_loss";  // counts with save_best_only
        int verbose = 0;                   // 1: a line for each
        bool save_best_only = false;
        bool save_weights_only = false;  // leave out what a resume needs
        std::string mode = "auto";       // "min", "max"; "auto": what the key asks for
        SaveFreq save_freq = Epochs{1};
        std::size_t max_to_keep = 0;                         // the newest files that stay; 0: all
        std::optional<double> initial_value_threshold = {};  // what the first one must be better than
    };

    /// Throws ConfigError if the path does not end in .h5 or is malformed, save_freq is not positive, a
    /// threshold is given without save_best_only, or keys of a validation are to be seen at ends of batches;
    /// with save_best_only, also if mode is unknown or "auto" does not know the key.
    explicit ModelCheckpoint(Options options);
    ~ModelCheckpoint() override;

    static const TypeHelp& help();
    /// Knows `filepath`, `keep` and `weights_only` too, as other names of path, max_to_keep and
    /// save_weights_only. Throws ConfigError.
    static std::unique_ptr<Callback> from_config(const Config& keys);

    std::vector<std::string> monitored() const override;
    /// Throws ConfigError if another callback writes to the same path, IoError if its directory cannot be
    /// made.
    void on_train_begin(const Logs& logs) override;
    void on_train_batch_begin(std::int64_t batch, const Logs& logs) override;
    void on_train_batch_end(std::int64_t batch, const Logs& logs) override;
    void on_epoch_end(int epoch, const Logs& logs) override;
    void on_train_end(const Logs& logs) override;

    /// Of the monitored key; none: nothing was saved yet, and there is no threshold.
    std::optional<double> best() const { return best_; }

    Config state() const override;
    void restore(const Config& state) override;

private:
    struct Rules;

    void save(int epoch, std::int64_t batch, const Logs& logs);
    bool is_best(const Logs& logs);
    void request(const std::string& name);
    void remove_old_files();

    Options options_;
    std::unique_ptr<Rules> rules_;
    std::optional<double> best_;
    std::int64_t step_ = 0;  // of the last batch, from 0
    std::int64_t batch_ = 0;
    bool resumed_ = false;
    bool has_warned_ = false;
};

}  // namespace lockstep
