#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <lockstep/core/random.h>
#include <lockstep/core/shape.h>

namespace lockstep {

/// Fills a weight before training. The same stream gives the same weights on every rank.
class Initializer {
public:
    virtual ~Initializer() = default;

    /// "glorot_uniform"
    virtual std::string_view type() const = 0;

    /// `shape` of a kernel is [..., fan in per position, fan out]: fan_in is the product of all extents but
    /// the last, fan_out the product of all but the one before last (Keras' rule for dense and convolution
    /// kernels).
    virtual void fill(const Shape& shape, const RandomStream& stream, std::span<float> values) const = 0;
};

/// By Keras' name: zeros, ones, glorot_uniform, glorot_normal, he_uniform, he_normal, lecun_uniform,
/// lecun_normal (these normal ones truncated at two sigma), random_uniform (-0.05, 0.05), random_normal
/// (sigma 0.05). Throws ConfigError naming the nearest one if there is none of that name.
std::shared_ptr<const Initializer> make_initializer(std::string_view type);

}  // namespace lockstep
