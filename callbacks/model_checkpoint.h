#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <lockstep/train/callback.h>

namespace lockstep {

class PathTemplate;

/// Writes a checkpoint after every epoch, or every so many batches.
///
///     std::make_shared<ModelCheckpoint>(ModelCheckpoint::Options{.path =
///     "best/{epoch:02d}-{val_loss:.4f}.h5", .keep = 3})
class ModelCheckpoint final : public Callback {
public:
    struct Options {
        /// Places for {epoch}, {step}, {batch} (from 1) and keys of the logs, with formats. Absolute, or
        /// below the run directory.
        std::string path = "checkpoints/epoch-{epoch:04d}.h5";
        std::optional<std::int64_t> save_freq = {};  // batches; none: every epoch
        std::size_t keep = 0;                        // the newest files that stay; 0: all
        bool weights_only = false;
    };

    /// Throws ConfigError if the path does not end in .h5 or is malformed, or save_freq is not positive.
    explicit ModelCheckpoint(Options options);
    ~ModelCheckpoint() override;

    std::vector<std::string> monitored() const override;
    void on_train_begin(const Logs& logs) override;
    void on_train_batch_begin(std::int64_t batch, const Logs& logs) override;
    /// These throw ConfigError if the path names a key that the logs do not have.
    void on_train_batch_end(std::int64_t batch, const Logs& logs) override;
    void on_epoch_end(int epoch, const Logs& logs) override;
    void on_train_end(const Logs& logs) override;

    Config state() const override;
    void restore(const Config& state) override;

private:
    void request(int epoch, std::int64_t batch, const Logs& logs);
    void remove_old_files();

    Options options_;
    std::unique_ptr<PathTemplate> template_;
    std::deque<std::filesystem::path> files_;  // asked for and not removed, oldest first
    std::int64_t step_ = 0;                    // of the last batch, from 0
    std::int64_t batch_ = 0;
    bool resumed_ = false;
};

}  // namespace lockstep
