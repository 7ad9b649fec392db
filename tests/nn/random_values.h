#pragma once

#include <random>
#include <vector>

/// `count` numbers, uniform in [low, high); the same for the same seed.
inline std::vector<float> random_values(std::size_t count, unsigned seed, float low = -1.0F,
                                        float high = 1.0F) {
    std::mt19937 generator(seed);
    std::uniform_real_distribution<float> uniform(low, high);
    std::vector<float> values(count);
    for (float& value : values) value = uniform(generator);
    return values;
}
