#include "draw.h"

#include <array>
#include <cmath>

namespace lockstep {
namespace {

/// Draws element `index` again, at positions 1, 2, ..., until it lies within the limits.
float within_two_sigma(float value, std::size_t index, const RandomStream& stream) {
    for (std::uint64_t attempt = 1; std::abs(value) > 2.0F; ++attempt) {
        std::array<float, 4> block{};
        stream.normal(attempt, index - index % 4, block);
        value = block[index % 4];
    }
    return value;
}

}  // namespace

/// From the middle, so that symmetric limits give symmetric numbers.
void draw_uniform(const RandomStream& stream, double low, double high, std::span<float> values) {
    const auto middle = static_cast<float>(0.5 * (low + high));
    const auto limit = static_cast<float>(0.5 * (high - low));
    stream.uniform(0, 0, values);
    for (float& value : values) value = middle + limit * (2.0F * value - 1.0F);
}

void draw_normal(const RandomStream& stream, double mean, double sigma, std::span<float> values) {
    const auto center = static_cast<float>(mean), width = static_cast<float>(sigma);
    stream.normal(0, 0, values);
    for (float& value : values) value = center + width * value;
}

void draw_truncated_normal(const RandomStream& stream, double mean, double sigma, std::span<float> values) {
    const auto center = static_cast<float>(mean), width = static_cast<float>(sigma);
    stream.normal(0, 0, values);
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = center + width * within_two_sigma(values[i], i, stream);
}

}  // namespace lockstep
