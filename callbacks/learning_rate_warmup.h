#pragma once

#include <cstdint>
#include <memory>
#include <variant>

#include <lockstep/core/registry.h>
#include <lockstep/train/callback.h>

namespace lockstep {

/// Lets the learning rate climb in the first epochs, batch by batch, from 1/N of a target to the target,
/// where N is the number of ranks; the target is `initial_learning_rate * scale`.
///
///     std::make_shared<LearningRateWarmup>(LearningRateWarmup::Options{
///         .initial_learning_rate = 0.1, .scale = LearningRateWarmup::WorldSize{}})   // 0.1 ... 0.1 N
///
/// Batch b of S in epoch e has the rate target / N * (1 + (N - 1) * (e + (b + 1) / S) / warmup_epochs), as
/// with Horovod's LearningRateWarmupCallback: the last batch of the warm-up has the target itself. One rank
/// alone has the target from the start. Afterwards the rate is left alone: LearningRateScheduler (whose rates
/// the warm-up overrides) or ReduceLROnPlateau may go on. A function of epoch, batch and number of ranks: a
/// resume changes nothing, but within the warm-up on another number of ranks, which is warned of.
class LearningRateWarmup final : public Callback {
public:
    /// A scale: the number of ranks.
    struct WorldSize {};

    struct Options {
        double initial_learning_rate = 0.0;  // must be given
        int warmup_epochs = 5;
        std::variant<double, WorldSize> scale = 1.0;  // of the target
        bool momentum_correction = false;             // Horovod's; only false is possible
        int verbose = 0;
    };

    /// Throws ConfigError if momentum_correction is set or a number is not positive.
    explicit LearningRateWarmup(Options options);

    static const TypeHelp& help();
    /// Knows `initial_lr` too, as another name of initial_learning_rate. Throws ConfigError.
    static std::unique_ptr<Callback> from_config(const Config& keys);

    Needs needs() const override { return {.sets_learning_rate = true}; }
    void on_train_begin(const Logs& logs) override;
    void on_train_batch_begin(std::int64_t batch, const Logs& logs) override;
    void on_epoch_end(int epoch, const Logs& logs) override;
    Config state() const override;
    void restore(const Config& state) override;

private:
    double target() const;

    Options options_;
    int ranks_ = 0;  // of this run; until it begins, of the one that it goes on from; 0: none
};

}  // namespace lockstep
