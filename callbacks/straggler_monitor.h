#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include <lockstep/core/registry.h>
#include <lockstep/train/callback.h>

namespace lockstep {

/// A rank that takes longer to compute than the others.
struct Straggler {
    int rank = 0;
    std::string host;
    double compute = 0;  // seconds of the epoch
    double wait = 0;     // likewise: little, since others wait for it
    double ratio = 0;    // of `compute` to the median rank's
    int epochs = 0;      // so many in a row
};

/// Warns after an epoch of ranks whose time for forward and backward passes is more than `threshold` times
/// the median rank's, for the `patience`-th epoch in a row or longer: one warning with rank, host, ratio and
/// how long the others waited. Of an even number of ranks the median is the lower of the middle two, so that
/// the slow one of two is found. Time in input, callbacks and exchange does not count.
class StragglerMonitor final : public Callback {
public:
    struct Options {
        double threshold = 1.5;
        int patience = 1;          // epochs
        double min_seconds = 0.1;  // a delay per epoch below this is not worth a word
    };

    /// Throws ConfigError if `threshold` is not above 1 or `patience` not above 0.
    explicit StragglerMonitor(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Callback> from_config(const Config& keys);

    /// Of the last epoch, the slowest first; on rank 0, where hooks run.
    const std::vector<Straggler>& stragglers() const { return stragglers_; }

    void on_train_begin(const Logs& logs) override;
    void on_epoch_end(int epoch, const Logs& logs) override;

    Config state() const override;
    void restore(const Config& state) override;

private:
    void find(std::span<const RankTiming> timings);
    void warn(int epoch, std::span<const RankTiming> timings) const;

    Options options_;
    std::vector<int> in_a_row_;  // by rank: epochs above the threshold
    std::vector<Straggler> stragglers_;
    bool resumed_ = false;
};

}  // namespace lockstep
