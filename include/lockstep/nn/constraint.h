#pragma once

#include <memory>
#include <span>
#include <string_view>

#include <lockstep/core/config.h>
#include <lockstep/core/shape.h>

namespace lockstep {

/// What a weight is held to: after every update it is moved to where it may be.
class Constraint {
public:
    virtual ~Constraint() = default;

    /// "max_norm"
    virtual std::string_view type() const = 0;

    /// What makes the same constraint: the type alone, or a table of it and its keys.
    virtual Config config() const { return type(); }

    /// Throws ShapeError if a weight of this shape cannot be held to it.
    virtual void check(const Shape& /*shape*/) const {}

    /// Whether apply() changes each element by itself, so that it may be called for any stretch of a weight.
    /// If not, one rank updates the whole weight.
    virtual bool is_elementwise() const { return false; }

    /// `weight`: all elements, or with is_elementwise() some of them; `shape` is that of the whole weight.
    /// Safe to call from several threads, for different weights.
    virtual void apply(const Shape& shape, std::span<float> weight) const = 0;
};

/// `config` is Keras' name, or a table with `type` and keys. Built in are max_norm (max_value, axis),
/// min_max_norm (min_value, max_value, rate, axis), non_neg and unit_norm (axis). Null: none. Throws
/// ConfigError naming the key, or the nearest name if there is none of that name.
std::shared_ptr<const Constraint> make_constraint(const Config& config);

}  // namespace lockstep
