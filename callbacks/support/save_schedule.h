#pragma once

#include <cstdint>
#include <string>

#include <lockstep/callbacks/save_freq.h>
#include <lockstep/core/config.h>
#include <lockstep/core/stopwatch.h>
#include <lockstep/train/logs.h>

namespace lockstep {

/// Says when a save_freq is due.
class SaveSchedule {
public:
    /// Throws ConfigError naming `callback` if the number or the time is not positive.
    SaveSchedule(SaveFreq freq, const std::string& callback);

    /// Whether it is due at ends of batches alone, where logs have no val_ keys.
    bool is_for_batches_only() const { return std::holds_alternative<Batches>(freq_); }
    /// `step` and `epoch` from 0: the one that ends.
    bool is_due_after_batch(std::int64_t step) const;
    bool is_due_after_epoch(int epoch) const;

    /// The time until the next save begins now.
    void restart();
    /// Since the last save, the time before a resume included.
    double seconds() const { return before_ + timer_.seconds(); }
    void resume(double seconds);

private:
    bool is_time_over() const;

    SaveFreq freq_;
    Stopwatch timer_;
    double before_ = 0;
};

/// The key `save_freq`: "epoch", a number of batches, "5 epochs", "200 batches", or a duration. Throws
/// ConfigError.
SaveFreq read_save_freq(const Config& keys, SaveFreq fallback);

/// Whether weights with these logs can be used again; without a loss in the logs they can.
bool is_loss_finite(const Logs& logs);

}  // namespace lockstep
