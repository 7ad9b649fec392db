#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <lockstep/core/registry.h>
#include <lockstep/train/callback.h>

namespace lockstep {

/// Stops training when it has taken as long as it may. The time of a run that was resumed counts from its
/// first beginning, without the time in between.
///
///     std::make_shared<Timer>(Timer::Options{.duration = 12 * 3600.0})
///
/// It is looked at when training begins, at the end of every epoch and, with interval "step", of every batch.
/// The epoch at hand still gets its validation, so leave time for that and for the last checkpoint.
class Timer final : public Callback {
public:
    struct Options {
        double duration = 0.0;          // seconds; must be given
        std::string interval = "step";  // "epoch"
        int verbose = 1;
        std::function<double()> clock = {};  // seconds since whenever; none: one that never goes back
    };

    /// Throws ConfigError unless duration is positive and interval is "step" or "epoch".
    explicit Timer(Options options);

    static const TypeHelp& help();
    /// `duration` is a number of seconds, or a text: "1h30m", "12:00:00" or Lightning's "DD:HH:MM:SS". Throws
    /// ConfigError.
    static std::unique_ptr<Callback> from_config(const Config& keys);

    void on_train_begin(const Logs& logs) override;
    void on_train_batch_end(std::int64_t batch, const Logs& logs) override;
    void on_epoch_end(int epoch, const Logs& logs) override;
    void on_train_end(const Logs& logs) override;

    /// Seconds of training so far.
    double elapsed() const;

    Config state() const override;
    void restore(const Config& state) override;

private:
    void check();

    Options options_;
    double before_ = 0;            // seconds, in earlier parts of this training
    std::optional<double> start_;  // by the clock; none: not training
    bool resumed_ = false;
};

}  // namespace lockstep
