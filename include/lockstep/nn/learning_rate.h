#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <utility>

#include <lockstep/core/config.h>
#include <lockstep/nn/schedule.h>

namespace lockstep {

/// The step size of an optimizer: a number, or a schedule of the updates done so far.
///
///     Sgd({.learning_rate = 0.1})
///     Sgd({.learning_rate = std::make_shared<CosineDecay>(
///              CosineDecay::Options{.initial_learning_rate = 0.1, .decay_steps = 1000})})
class LearningRate {
public:
    LearningRate(double rate) : rate_(rate) {}  // NOLINT(google-explicit-constructor): a number is a rate
    template <std::derived_from<Schedule> T>
    LearningRate(std::shared_ptr<T> schedule)  // NOLINT(google-explicit-constructor): so is a schedule
        : schedule_(std::move(schedule)) {}

    /// The rate of the update after `iteration` others.
    double at(std::int64_t iteration) const { return schedule_ ? schedule_->rate(iteration) : rate_; }
    /// Null if the rate is a number. Lives as long as this.
    const Schedule* schedule() const { return schedule_.get(); }

    /// The number, or the schedule's table with `type`.
    Config config() const;

private:
    double rate_ = 0.0;
    std::shared_ptr<const Schedule> schedule_;
};

/// The key `learning_rate` of an optimizer's table. Throws ConfigError.
LearningRate read_learning_rate(const Config& keys, const LearningRate& fallback);

}  // namespace lockstep
