#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <lockstep/callbacks/row_format.h>
#include <lockstep/core/stopwatch.h>
#include <lockstep/io/append_file.h>
#include <lockstep/train/callback.h>

namespace lockstep {

template <typename Row>
class RowQueue;

/// Base of the callbacks that write text, a row per epoch or batch, to a file that others may read meanwhile.
/// One derived from it says what a row looks like: a RowFormat.
///
/// A thread turns rows into text and writes them (io::AppendFile); at the end of an epoch and for a
/// checkpoint the file has all of them. A full disk never ends the training: rows wait in memory, and the log
/// says so. The state is the size of the file: a resumed run cuts what was written after its checkpoint.
class TextLogger : public Callback {
public:
    ~TextLogger() override;

    /// Throws IoError if the file cannot be written, DataError if the one to continue is of another kind.
    void on_train_begin(const Logs& logs) final;
    void on_train_end(const Logs& logs) final;
    void on_epoch_begin(int epoch, const Logs& logs) final;
    void on_epoch_end(int epoch, const Logs& logs) final;
    void on_train_batch_begin(std::int64_t batch, const Logs& logs) final;
    void on_train_batch_end(std::int64_t batch, const Logs& logs) final;
    void on_test_batch_begin(std::int64_t batch, const Logs& logs) final;
    void on_test_batch_end(std::int64_t batch, const Logs& logs) final;
    void on_exception(const std::exception& error) noexcept final;

    Config state() const final;
    void restore(const Config& state) final { resumed_ = state; }

protected:
    struct Settings {
        std::string name;            // of the callback, in messages
        std::filesystem::path path;  // absolute, or below the run directory
        bool epochs = true;          // rows per epoch
        bool batches = false;        // rows per batch
        bool validation = false;     // of the validation too
        int every = 1;               // batches per row
        bool append = false;         // continue a file that is there
        int index_base = 0;          // number of the first epoch, batch and step: 0 or 1
        double flush = 2.0;          // longest time that a row waits in memory, s
    };
    /// Throws ConfigError if the path is empty or a number out of range.
    TextLogger(Settings settings, std::unique_ptr<RowFormat> format);

private:
    void take_batch(bool trains, std::int64_t batch, const Logs& logs);
    void write_rows(io::AppendFile& file) const;
    void close(const std::string& status, const std::string& reason);

    Settings settings_;
    std::unique_ptr<RowFormat> format_;
    std::unique_ptr<RowQueue<LogRow>> queue_;
    std::unique_ptr<io::AppendFile> file_;  // null between runs; its thread uses what is above
    std::optional<std::uint64_t> bytes_;    // of the file that was closed
    Config resumed_;                        // state of the checkpoint; null: a new run
    Stopwatch epoch_watch_, batch_watch_;
};

}  // namespace lockstep
