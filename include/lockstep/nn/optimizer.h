#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <lockstep/core/config.h>
#include <lockstep/nn/learning_rate.h>

namespace lockstep {

/// What Keras' optimizers have in common, besides the learning rate.
struct OptimizerOptions {
    std::optional<double> weight_decay = {};     // w -= learning_rate * weight_decay * w, before the update
    std::optional<double> clipnorm = {};         // the norm of each weight's gradient is at most this
    std::optional<double> global_clipnorm = {};  // the norm of all gradients together is at most this
    std::optional<double> clipvalue = {};        // each element lies within +- this
    int gradient_accumulation_steps = 1;         // mean over so many batches, then one update
    bool use_ema = false;                        // keep a running average of the weights:
    double ema_momentum = 0.99;                  // average = momentum * average + (1 - momentum) * weight
    std::optional<std::int64_t> ema_overwrite_frequency =
        {};  // updates between copies of it into the weights
};

/// A stretch of the store that one rank updates. All spans have the same length.
struct SliceUpdate {
    std::span<float> weights;
    std::span<const float> gradient;          // the mean over the batch, clipped
    std::span<const std::span<float>> slots;  // in the order of Optimizer::slots()
    double learning_rate;
    std::int64_t iteration;       // updates done before this one, from 0
    double weight_norm = 0.0;     // of the whole weight, and of its whole direction;
    double direction_norm = 0.0;  // only if the optimizer needs_norms()
};

/// From the keys of a job file's optimizer table.
OptimizerOptions read_optimizer_options(const Config& config);

/// An update rule that works element by element, so that any rank can apply it to any stretch. It owns no
/// state: slots lie beside the weights in the parameter store.
class Optimizer {
public:
    /// Throws ConfigError: learning_rate >= 0 if it is a number, weight_decay >= 0, at most one of the clips,
    /// each > 0, gradient_accumulation_steps >= 1, 0 <= ema_momentum <= 1, ema_overwrite_frequency >= 1.
    Optimizer(LearningRate learning_rate, OptimizerOptions options);
    virtual ~Optimizer() = default;

    /// "sgd"
    virtual std::string_view type() const = 0;

    /// The keys that make the same optimizer from a job file, without type.
    virtual Config config() const = 0;

    /// Names of the values kept per weight, zero at first: {"velocity"}.
    virtual std::vector<std::string> slots() const = 0;

    /// Whether update() needs the norms of a weight as a whole. Then measure() comes first, for all of its
    /// stretches.
    virtual bool needs_norms() const { return false; }

    /// Brings the slots up to date and returns the square of the stretch's part of the direction's norm: of
    /// what the weights move along. Safe to call from several threads, for different stretches.
    virtual double measure(const SliceUpdate& /*slice*/) const { return 0.0; }

    /// Safe to call from several threads, for different stretches.
    virtual void update(const SliceUpdate& slice) const = 0;

    /// The rate of the update after `iteration` others; where there is no schedule, of every one.
    double learning_rate(std::int64_t iteration = 0) const { return learning_rate_.at(iteration); }
    /// What the rate follows; null if it is a number.
    const Schedule* schedule() const { return learning_rate_.schedule(); }
    const OptimizerOptions& options() const { return options_; }

protected:
    /// The common keys, those that differ from the defaults; learning_rate always.
    Config common_config() const;

private:
    LearningRate learning_rate_;
    OptimizerOptions options_;
};

}  // namespace lockstep
