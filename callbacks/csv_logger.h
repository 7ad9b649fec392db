#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include <lockstep/train/callback.h>

namespace lockstep {

/// One row per epoch: `epoch`, then the keys of the logs in their order; what an epoch lacks is NA.
///
///     {.callbacks = {std::make_shared<CsvLogger>(CsvLogger::Options{.path = "training.csv"})}}
///
/// A key that appears late gets a column: the file is then written again beside the old one, with NA in the
/// rows before, and renamed. The state is the number of rows: a resumed run cuts what was written after its
/// checkpoint.
class CsvLogger final : public Callback {
public:
    struct Options {
        std::filesystem::path path = {};  // absolute, or below the run directory
        std::string separator = ",";
        bool append = false;  // continue a file whose header begins with `epoch`
        int index_base = 0;   // number of the first epoch: 0 or 1
    };

    /// Throws ConfigError if the path or the separator is empty, or index_base is neither 0 nor 1.
    explicit CsvLogger(Options options);

    /// Throws IoError if the file cannot be written, DataError if the one to continue is of another kind.
    void on_train_begin(const Logs& logs) override;
    void on_epoch_end(int epoch, const Logs& logs) override;

    Config state() const override;
    void restore(const Config& state) override;

private:
    void load();
    void add_columns(const Logs& logs);
    std::string row(int epoch, const Logs& logs) const;
    void rewrite(const std::vector<std::string>& lines) const;
    void append_line(const std::string& line) const;
    std::string header() const;

    Options options_;
    std::filesystem::path file_;
    std::vector<std::string> keys_;  // columns after `epoch`
    std::size_t rows_ = 0;
    bool resumed_ = false;
};

}  // namespace lockstep
