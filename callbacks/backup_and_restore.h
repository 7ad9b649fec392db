#pragma once

#include <filesystem>
#include <memory>

#include <lockstep/callbacks/save_freq.h>
#include <lockstep/core/registry.h>
#include <lockstep/train/callback.h>

namespace lockstep {

class SaveSchedule;
class Session;
class Trainer;

/// Keeps one checkpoint, backup.h5, from which an interrupted training goes on, and deletes it when training
/// ends well.
///
/// The program restores by itself: `lockstep train --resume auto` looks into the default directory. A program
/// of one's own calls resume() before fit, on all ranks: in a hook it would be too late.
///
///     Trainer trainer(session, model, {...});
///     BackupAndRestore::resume(session, trainer, "checkpoints");
///     trainer.fit(data, {.epochs = 10, .initial_epoch = trainer.epochs_done(),
///                        .callbacks = {std::make_shared<BackupAndRestore>(BackupAndRestore::Options{})}});
///
/// Weights, optimizer, position in the data, history and the states of all callbacks come back. A run resumed
/// from a backup within an epoch goes on with the next batch. Weights whose loss is not finite are not backed
/// up, and after such an end the backup stays. It also stays until the checkpoints that other callbacks asked
/// for when training ended are written.
class BackupAndRestore final : public Callback {
public:
    struct Options {
        std::filesystem::path backup_dir = "checkpoints";  // absolute, or below the run directory
        SaveFreq save_freq = Epochs{1};
        bool double_checkpoint = false;  // keep the one before too, as backup-previous.h5
        bool delete_checkpoint = true;   // when training ends, but not by an exception or StopCause::request
    };

    /// Throws ConfigError if the directory is empty or save_freq is not positive.
    explicit BackupAndRestore(Options options);
    ~BackupAndRestore() override;

    static const TypeHelp& help();
    static std::unique_ptr<Callback> from_config(const Config& keys);

    /// Collective, before fit. Restores the newest sound checkpoint of a directory, which begins at the
    /// working directory, not at the run directory, and which all ranks must see; false if there is none.
    /// Throws what Trainer::restore throws.
    static bool resume(const Session& session, Trainer& trainer, const std::filesystem::path& backup_dir);

    /// Throws ConfigError if a new training would write over the backup of another, or another callback
    /// writes there.
    void on_train_begin(const Logs& logs) override;
    void on_train_batch_end(std::int64_t batch, const Logs& logs) override;
    void on_epoch_end(int epoch, const Logs& logs) override;
    void on_train_end(const Logs& logs) override;

    Config state() const override;
    void restore(const Config& state) override;

private:
    void refuse_to_lose(const std::filesystem::path& backup) const;
    void save(const Logs& logs);

    Options options_;
    std::unique_ptr<SaveSchedule> schedule_;
    bool resumed_ = false;
    bool has_warned_ = false;
};

}  // namespace lockstep
