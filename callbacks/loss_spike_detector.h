#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <lockstep/core/registry.h>
#include <lockstep/train/callback.h>

namespace lockstep {

class Monitor;
namespace io {
class AppendFile;
}

/// Finds batches whose loss is far off the mean of the batches before.
///
/// A spike is a value that is worse than the mean of the last `window` values, by at least `atol` and by at
/// least `rtol * |mean|` (the default rtol of 2: three times the mean); or, with finite_only, one that is not
/// finite. Spikes do not enter the mean, but `window` of them in a row are a new level: the mean starts anew.
///
/// With `path`, each spike is a line of JSON, {"epoch", "batch", "step", <monitor>, "mean"}, counted from 0.
/// A run that is resumed cuts lines written after its checkpoint.
class LossSpikeDetector final : public Callback {
public:
    struct Options {
        std::string monitor = "loss";     // a key of the batch logs
        std::string mode = "auto";        // "min", "max"; "auto": what the key asks for
        int window = 10;                  // values that the mean is of
        int warmup = 1;                   // values of the training before the first that can be a spike
        double atol = 0.0;                // in units of the key
        double rtol = 2.0;                // of the mean
        bool finite_only = true;          // false: values that are not finite are passed over
        std::string action = "log";       // "stop": training stops at the first spike
        std::filesystem::path path = {};  // absolute, or below the run directory; none: no file
        int max_warnings = 10;            // spikes beyond are counted only, and told when training ends
    };

    /// Throws ConfigError if a number is out of range, atol and rtol are both 0, the key is one of a
    /// validation, or the mode does not follow from the key.
    explicit LossSpikeDetector(Options options);
    ~LossSpikeDetector() override;

    static const TypeHelp& help();
    /// Throws ConfigError.
    static std::unique_ptr<Callback> from_config(const Config& keys);

    std::vector<std::string> monitored() const override;
    /// Throws IoError if the file cannot be opened.
    void on_train_begin(const Logs& logs) override;
    void on_train_batch_end(std::int64_t batch, const Logs& logs) override;
    void on_train_end(const Logs& logs) override;
    void on_exception(const std::exception& error) noexcept override;

    /// Of this training so far.
    std::int64_t spikes() const { return spikes_; }

    Config state() const override;
    void restore(const Config& state) override;

private:
    double mean() const;
    bool is_spike(double value) const;
    void add(double value);
    void report(std::int64_t batch, double value);

    Options options_;
    std::unique_ptr<Monitor> monitor_;
    std::unique_ptr<io::AppendFile> file_;
    std::uint64_t bytes_ = 0;     // of the file, while it is not open
    std::vector<double> recent_;  // at most `window`, oldest first
    std::int64_t seen_ = 0;
    std::int64_t spikes_ = 0;
    int in_a_row_ = 0;  // spikes up to now
    bool resumed_ = false;
};

}  // namespace lockstep
