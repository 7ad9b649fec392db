#pragma once

#include <functional>
#include <memory>

#include <lockstep/core/registry.h>
#include <lockstep/train/callback.h>

namespace lockstep {

/// The rate of an epoch, counted from 0, given the rate at hand.
using LearningRateSchedule = std::function<double(int epoch, double rate)>;

/// Sets the learning rate at the beginning of every epoch.
///
///     std::make_shared<LearningRateScheduler>(LearningRateScheduler::Options{
///         .schedule = [](int epoch, double rate) { return epoch < 10 ? rate : 0.9 * rate; }})
///
/// The rate at hand is part of checkpoints, so a resumed run gets the rates of one that was not interrupted.
class LearningRateScheduler final : public Callback {
public:
    struct Options {
        LearningRateSchedule schedule = {};
        int verbose = 0;
    };

    /// Throws ConfigError if there is no schedule.
    explicit LearningRateScheduler(Options options);

    static const TypeHelp& help();
    /// The key `schedule` is a list [[epoch, rate], ...], each rate from its epoch on; or a table with
    /// `type`: exponential_decay, step_decay, inverse_time_decay, polynomial_decay, cosine_decay, with the
    /// arguments that Keras' schedules have, but epochs where Keras counts steps (decay_epochs). Throws
    /// ConfigError.
    static std::unique_ptr<Callback> from_config(const Config& keys);

    Needs needs() const override { return {.sets_learning_rate = true}; }
    /// Throws ConfigError if the schedule gives a rate that is negative or not finite.
    void on_epoch_begin(int epoch, const Logs& logs) override;

private:
    Options options_;
};

}  // namespace lockstep
