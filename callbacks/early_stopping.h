#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <lockstep/core/registry.h>
#include <lockstep/train/callback.h>

namespace lockstep {

class Monitor;

/// Stops training when a key of the logs has stopped improving: after `patience` epochs in a row that were no
/// better than the best before, and never after the first epoch.
///
///     std::make_shared<EarlyStopping>(EarlyStopping::Options{.monitor = "val_loss", .patience = 3})
///
/// As in Keras: with a baseline, the count starts anew only when an epoch is also better than the baseline;
/// the best weights are those of the best epoch even if it was not; an epoch without the key (one without
/// validation) does not count. NaN is no improvement. With restore_best_weights the best weights are put back
/// when training ends, also if this callback did not end it.
class EarlyStopping final : public Callback {
public:
    struct Options {
        std::string monitor = "val_loss";
        double min_delta = 0.0;  // only a change of more than this is an improvement
        int patience = 0;        // epochs without improvement after which training stops
        int verbose = 0;
        std::string mode = "auto";            // "min", "max"; "auto": what the key asks for
        std::optional<double> baseline = {};  // what the key must get better than
        bool restore_best_weights = false;    // costs one copy of the weights on rank 0
        int start_from_epoch = 0;             // epochs before this one do not count
    };

    /// Throws ConfigError if the key is empty, the mode is unknown or does not follow from the key, or a
    /// number is out of range.
    explicit EarlyStopping(Options options);
    ~EarlyStopping() override;

    static const TypeHelp& help();
    /// Throws ConfigError.
    static std::unique_ptr<Callback> from_config(const Config& keys);

    std::vector<std::string> monitored() const override;
    void on_train_begin(const Logs& logs) override;
    void on_epoch_end(int epoch, const Logs& logs) override;
    void on_train_end(const Logs& logs) override;

    /// Infinity of the worse sign if there is none yet.
    double best() const { return best_; }
    int best_epoch() const { return best_epoch_; }  // from 0
    /// The epoch, from 0, after which this callback stopped training; 0: it did not.
    int stopped_epoch() const { return stopped_epoch_; }

    Config state() const override;
    void restore(const Config& state) override;
    std::map<std::string, std::vector<float>> kept_weights() const override;
    void restore_kept_weights(const std::map<std::string, std::vector<float>>& weights) override;

private:
    void keep(int epoch);
    void stop(int epoch);

    Options options_;
    std::unique_ptr<Monitor> monitor_;
    double best_;
    int best_epoch_ = 0;
    int wait_ = 0;  // epochs since the last improvement
    int stopped_epoch_ = 0;
    std::vector<float> best_weights_;  // empty: none
    bool resumed_ = false;
};

}  // namespace lockstep
