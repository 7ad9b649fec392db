#pragma once

#include <memory>
#include <string>
#include <vector>

#include <lockstep/core/registry.h>
#include <lockstep/train/callback.h>

namespace lockstep {

class Monitor;

/// Multiplies the learning rate by `factor` when a key of the logs has not improved for `patience` epochs.
///
///     std::make_shared<ReduceLROnPlateau>(ReduceLROnPlateau::Options{.factor = 0.2, .patience = 5})
///
/// As in Keras: in the `cooldown` epochs after that nothing counts but improvements; an epoch without the key
/// (one without validation) changes nothing. NaN is no improvement. A callback that sets the rate in every
/// epoch, such as LearningRateScheduler, undoes the reductions.
class ReduceLROnPlateau final : public Callback {
public:
    struct Options {
        std::string monitor = "val_loss";
        double factor = 0.1;  // below 1
        int patience = 10;    // epochs without improvement
        int verbose = 0;
        std::string mode = "auto";  // "min", "max"; "auto": what the key asks for
        double min_delta = 1e-4;    // only a change of more than this is an improvement
        int cooldown = 0;           // epochs after a reduction before the count begins again
        double min_lr = 0.0;        // the rate is not reduced below this
    };

    /// Throws ConfigError if factor is not in [0, 1), the mode is unknown or does not follow from the key, or
    /// a number is out of range.
    explicit ReduceLROnPlateau(Options options);
    ~ReduceLROnPlateau() override;

    static const TypeHelp& help();
    /// Throws ConfigError.
    static std::unique_ptr<Callback> from_config(const Config& keys);

    Needs needs() const override { return {.sets_learning_rate = true}; }
    std::vector<std::string> monitored() const override;
    void on_train_begin(const Logs& logs) override;
    void on_epoch_end(int epoch, const Logs& logs) override;

    Config state() const override;
    void restore(const Config& state) override;

private:
    bool in_cooldown() const { return cooldown_counter_ > 0; }
    void reduce(int epoch);

    Options options_;
    std::unique_ptr<Monitor> monitor_;
    double best_;
    int wait_ = 0;              // epochs since the last improvement
    int cooldown_counter_ = 0;  // epochs left
    bool resumed_ = false;
};

}  // namespace lockstep
