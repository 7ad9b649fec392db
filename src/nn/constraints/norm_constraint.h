#pragma once

#include <string>
#include <vector>

#include <lockstep/core/registry.h>
#include <lockstep/nn/constraint.h>

namespace lockstep {

/// Scales vectors of a weight so that their norms lie in a range. A vector holds all elements along `axes`:
/// with {0}, of a dense kernel [inputs, units] what goes into one unit; with {0, 1, 2} what goes into one
/// filter of a conv2d kernel. Formula: Keras, MinMaxNorm:
///
///     w *= (rate * clip(norm, min_value, max_value) + (1 - rate) * norm) / (1e-7 + norm)
class NormConstraint : public Constraint {
public:
    struct Limits {
        double min_value = 0.0;
        double max_value = 1.0;
        double rate = 1.0;
    };

    void check(const Shape& shape) const override;
    void apply(const Shape& shape, std::span<float> weight) const override;

protected:
    /// Throws ConfigError unless 0 <= min_value <= max_value, 0 <= rate <= 1, and the axes follow one
    /// another.
    NormConstraint(const Limits& limits, std::vector<std::size_t> axes);

    /// With the key `axis`.
    Config with_axis(Config table) const;

private:
    double factor(double norm) const;

    Limits limits_;
    std::vector<std::size_t> axes_;
};

/// Norms are at most max_value.
class MaxNorm final : public NormConstraint {
public:
    struct Options {
        double max_value = 2.0;
        std::vector<std::size_t> axis = {0};
    };
    /// Throws ConfigError.
    explicit MaxNorm(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Constraint> from_config(const Config& keys);

    std::string_view type() const override { return "max_norm"; }
    Config config() const override;

private:
    double max_value_;
};

/// Norms lie between min_value and max_value, or go there by the share `rate` of the way in each update.
class MinMaxNorm final : public NormConstraint {
public:
    struct Options {
        double min_value = 0.0;
        double max_value = 1.0;
        double rate = 1.0;
        std::vector<std::size_t> axis = {0};
    };
    /// Throws ConfigError.
    explicit MinMaxNorm(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Constraint> from_config(const Config& keys);

    std::string_view type() const override { return "min_max_norm"; }
    Config config() const override;

private:
    Limits limits_;
};

/// Norms are 1.
class UnitNorm final : public NormConstraint {
public:
    struct Options {
        std::vector<std::size_t> axis = {0};
    };
    /// Throws ConfigError.
    explicit UnitNorm(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Constraint> from_config(const Config& keys);

    std::string_view type() const override { return "unit_norm"; }
    Config config() const override;
};

}  // namespace lockstep
