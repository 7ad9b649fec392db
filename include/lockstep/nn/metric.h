#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <lockstep/core/config.h>
#include <lockstep/core/matrix_view.h>
#include <lockstep/core/shape.h>

namespace lockstep {

/// A figure of merit, kept as sums that can be added over shards, ranks and batches: never an average of
/// averages.
class Metric {
public:
    virtual ~Metric() = default;

    /// "mean_absolute_error"
    virtual std::string_view type() const = 0;

    /// The key in logs; the string as the user wrote it, or the `name` key.
    const std::string& name() const { return name_; }
    void set_name(std::string name) { name_ = std::move(name); }

    virtual Config config() const { return Config::table(); }

    /// Called once, before update(), with the shapes of one output and one target. Throws ShapeError.
    virtual void build(const Shape& /*output*/, const Shape& /*target*/) {}

    /// Numbers in the state; adding two states gives the state of both samples together.
    virtual std::size_t state_size() const = 0;

    /// Adds the rows to `state` [state_size()]. `weights` is empty (all 1) or has one value per row.
    virtual void update(ConstMatrix outputs, ConstMatrix targets, std::span<const float> weights,
                        std::span<double> state) const = 0;

    /// NaN if the state is of no sample.
    virtual double result(std::span<const double> state) const = 0;

    /// Whether smaller is better: what "mode = auto" of a monitor means.
    virtual bool lower_is_better() const = 0;

    /// True if outputs and targets must be in the user's units, before target scaling (errors are, accuracies
    /// are not).
    virtual bool in_target_units() const { return false; }

private:
    std::string name_;
};

}  // namespace lockstep
