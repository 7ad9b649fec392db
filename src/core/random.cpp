#include <cmath>
#include <limits>
#include <numbers>

#include <Random123/philox.h>

#include <lockstep/core/random.h>

namespace lockstep {
namespace {

using Words = std::array<std::uint32_t, 4>;
using Key = std::array<std::uint32_t, 2>;

std::uint32_t low(std::uint64_t value) {
    return static_cast<std::uint32_t>(value);
}
std::uint32_t high(std::uint64_t value) {
    return static_cast<std::uint32_t>(value >> 32);
}

Words philox(const Words& counter, const Key& key) {
    const r123::Philox4x32 generate;
    const auto words = generate({{counter[0], counter[1], counter[2], counter[3]}}, {{key[0], key[1]}});
    return {words[0], words[1], words[2], words[3]};
}

Key key_of(const Words& words) {
    return {words[0], words[1]};
}

/// [0, 1), every value a multiple of 2^-24.
float to_unit(std::uint32_t word) {
    return static_cast<float>(word >> 8) * 0x1p-24F;
}

/// Box and Muller, "A note on the generation of random normal deviates", 1958: two words, two numbers.
std::array<float, 2> to_normal(std::uint32_t first, std::uint32_t second) {
    const double unit = (static_cast<double>(first) + 1.0) * 0x1p-32;  // (0, 1]: the logarithm is finite
    const double radius = std::sqrt(-2.0 * std::log(unit));
    const double angle = 2.0 * std::numbers::pi * 0x1p-32 * static_cast<double>(second);
    return {static_cast<float>(radius * std::cos(angle)), static_cast<float>(radius * std::sin(angle))};
}

}  // namespace

RandomStream::RandomStream(std::uint64_t seed, Purpose purpose, std::uint64_t instance, std::uint64_t pass) {
    // Philox itself mixes the parts, so that neighbouring seeds or passes have unrelated keys.
    const Words user{low(instance), high(instance), static_cast<std::uint32_t>(purpose), 0};
    const Key user_key = key_of(philox(user, {low(seed), high(seed)}));
    key_ = key_of(philox({low(pass), high(pass), 0, 1}, user_key));
}

RandomStream RandomStream::substream(std::uint64_t index) const {
    RandomStream stream = *this;
    stream.key_ = key_of(words(std::numeric_limits<std::uint64_t>::max(), index));
    return stream;
}

std::array<std::uint32_t, 4> RandomStream::words(std::uint64_t position, std::uint64_t index) const {
    return philox({low(index), high(index), low(position), high(position)}, key_);
}

void RandomStream::uniform(std::uint64_t position, std::uint64_t first_index, std::span<float> values) const {
    for (std::size_t i = 0; i < values.size(); i += 4) {
        const Words drawn = words(position, (first_index + i) / 4);
        for (std::size_t j = 0; j < 4 && i + j < values.size(); ++j) values[i + j] = to_unit(drawn[j]);
    }
}

void RandomStream::normal(std::uint64_t position, std::uint64_t first_index, std::span<float> values) const {
    for (std::size_t i = 0; i < values.size(); i += 4) {
        const Words drawn = words(position, (first_index + i) / 4);
        const auto [a, b] = to_normal(drawn[0], drawn[1]);
        const auto [c, d] = to_normal(drawn[2], drawn[3]);
        const std::array<float, 4> numbers{a, b, c, d};
        for (std::size_t j = 0; j < 4 && i + j < values.size(); ++j) values[i + j] = numbers[j];
    }
}

}  // namespace lockstep
