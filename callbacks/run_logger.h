#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <lockstep/core/registry.h>
#include <lockstep/core/stopwatch.h>
#include <lockstep/train/callback.h>

namespace lockstep {

inline constexpr const char* kRunSchema = "lockstep.run/1";

/// Keeps a run in one HDF5 file that others may read at any time, schema lockstep.run/1:
///
///     /epochs         epoch, time, duration, learning_rate, loss, metrics, val_loss, val_ metrics
///     /train_batches  step, epoch, batch, time, samples, learning_rate,
///                     loss, batch_loss, metrics, batch_ metrics
///     /val_batches    the same without learning_rate
///     /ranks/info     rank, host, pid, cores, blas_core
///     /ranks/timing   epoch, rank, compute, exchange, input, callbacks, wait
///
/// epoch, batch and step count from 0. Attributes of the root say what the run is and how it ended. Callbacks
/// behind it in the list add tables of their own through TrainingRun::run_file(). The state is the number of
/// rows of every table, theirs too: a resumed run cuts what was written after its checkpoint, so that no
/// curve overlaps itself.
class RunLogger final : public Callback {
public:
    struct Options {
        std::filesystem::path path = "run.h5";  // absolute, or below the run directory
        double flush = 2.0;                     // seconds between writes to the file
        bool batches = true;                    // a row per batch
    };

    static const TypeHelp& help();
    static std::unique_ptr<Callback> from_config(const Config& keys);

    /// Throws ConfigError if the path is empty or `flush` is not positive.
    explicit RunLogger(Options options);
    ~RunLogger() override;

    /// Throws IoError.
    void on_train_begin(const Logs& logs) override;
    void on_train_end(const Logs& logs) override;
    void on_epoch_begin(int epoch, const Logs& logs) override;
    void on_epoch_end(int epoch, const Logs& logs) override;
    void on_train_batch_end(std::int64_t batch, const Logs& logs) override;
    void on_test_batch_end(std::int64_t batch, const Logs& logs) override;
    void on_exception(const std::exception& error) noexcept override;

    /// Writes what is buffered first: a checkpoint never knows rows that the file lacks.
    Config state() const override;
    void restore(const Config& state) override;

private:
    struct Tables;

    void open();
    void cut_to_checkpoint(const Config& state);
    void close(const std::string& status, const std::string& reason);

    Options options_;
    std::unique_ptr<Tables> tables_;  // null between runs
    Config resumed_;                  // state of the checkpoint; null: a new run
    std::string run_id_;
    double start_ = 0;  // Unix time
    Stopwatch epoch_timer_;
};

}  // namespace lockstep
