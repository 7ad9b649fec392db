#pragma once

#include <span>

#include <lockstep/core/random.h>

namespace lockstep {

/// Uniform in [low, high).
void draw_uniform(const RandomStream& stream, double low, double high, std::span<float> values);

void draw_normal(const RandomStream& stream, double mean, double sigma, std::span<float> values);

/// From the normal distribution of that sigma, again where it lies beyond two sigma: the standard deviation
/// is kSigmaOfTruncated times sigma.
void draw_truncated_normal(const RandomStream& stream, double mean, double sigma, std::span<float> values);

inline constexpr double kSigmaOfTruncated = 0.87962566103423978;

}  // namespace lockstep
