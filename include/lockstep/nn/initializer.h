#pragma once

#include <memory>
#include <span>
#include <string_view>

#include <lockstep/core/config.h>
#include <lockstep/core/random.h>
#include <lockstep/core/shape.h>

namespace lockstep {

/// Fills a weight before training. The same stream gives the same weights on every rank.
class Initializer {
public:
    virtual ~Initializer() = default;

    /// "glorot_uniform"
    virtual std::string_view type() const = 0;

    /// What makes the same initializer: the type alone, or a table of it and its keys.
    virtual Config config() const { return type(); }

    /// `shape` of a kernel is [..., fan in per position, fan out]: fan_in is the product of all extents but
    /// the last, fan_out the product of all but the one before last (Keras' rule for dense and convolution
    /// kernels). Throws ShapeError if a weight of this shape cannot be filled so.
    virtual void fill(const Shape& shape, const RandomStream& stream, std::span<float> values) const = 0;
};

/// `config` is Keras' name, or a table with `type` and keys:
///
///     make_initializer("he_normal")
///     make_initializer(Config::table({{"type", "constant"}, {"value", 0.1}}))
///
/// Built in are zeros, ones, constant (value), random_uniform (minval, maxval), random_normal and
/// truncated_normal (mean, stddev), variance_scaling (scale, mode, distribution) and its glorot_uniform,
/// glorot_normal, he_uniform, he_normal, lecun_uniform, lecun_normal, orthogonal (gain) and identity (gain).
/// Throws ConfigError naming the key, or the nearest name if there is none of that name.
std::shared_ptr<const Initializer> make_initializer(const Config& config);

}  // namespace lockstep
