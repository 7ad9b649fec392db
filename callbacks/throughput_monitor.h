#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include <lockstep/core/registry.h>
#include <lockstep/core/stopwatch.h>
#include <lockstep/train/callback.h>

namespace lockstep {

class RateWindow;

/// How fast training is, of all ranks together.
struct Throughput {
    double samples_per_second = 0;
    double batches_per_second = 0;
    double gflops = 0;  // 1e9 operations of the model per second: three times those of a forward pass
    /// Parts of the ranks' time, which add up to 1; NaN within an epoch.
    struct Shares {
        double compute = std::numeric_limits<double>::quiet_NaN();
        double exchange = compute, input = compute, callbacks = compute, wait = compute;
    } shares;
};

/// Says after each epoch, and every so many batches, how fast training is and where the time goes.
///
/// An epoch's figures are about its batches, from on_epoch_begin to the end of the last one, without
/// validation; those within an epoch are about the last `window` batches of it. Operations are counted as in
/// the model's summary, times three for forward and backward.
class ThroughputMonitor final : public Callback {
public:
    struct Options {
        std::int64_t every = 0;    // batches from one line to the next within an epoch; 0: none
        bool write = false;        // a row for each in the table /throughput of the run log
        int verbose = 1;           // 0: no lines
        std::size_t window = 100;  // batches that figures within an epoch are about
    };

    /// Throws ConfigError if `every` is negative or `window` 0.
    explicit ThroughputMonitor(Options options);
    ~ThroughputMonitor() override;

    static const TypeHelp& help();
    static std::unique_ptr<Callback> from_config(const Config& keys);

    /// Of the epochs of the last call of fit, in order; on rank 0, where hooks run.
    const std::vector<Throughput>& epochs() const { return epochs_; }
    /// The newest figures, of an epoch or within one.
    const Throughput& latest() const { return latest_; }

    /// With `write`, throws ConfigError if no RunLogger came before in the list.
    void on_train_begin(const Logs& logs) override;
    void on_epoch_begin(int epoch, const Logs& logs) override;
    void on_train_batch_end(std::int64_t batch, const Logs& logs) override;
    void on_epoch_end(int epoch, const Logs& logs) override;

private:
    void show(const std::string& when) const;
    void write() const;

    Options options_;
    std::unique_ptr<RateWindow> window_;
    Stopwatch epoch_timer_;
    double seconds_ = 0;  // of the epoch, up to its last batch
    std::int64_t batches_ = 0;
    std::uint64_t samples_ = 0;
    std::vector<Throughput> epochs_;
    Throughput latest_;
};

}  // namespace lockstep
