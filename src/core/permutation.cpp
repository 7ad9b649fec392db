#include <bit>

#include <Random123/philox.h>

#include <lockstep/core/permutation.h>
#include <lockstep/core/random.h>

namespace lockstep {
namespace {

/// Half of the smallest even number of bits that holds every index.
int half_bits_for(std::uint64_t size) {
    const int bits = size == 0 ? 0 : static_cast<int>(std::bit_width(size - 1));
    return (bits + 1) / 2;
}

}  // namespace

Permutation::Permutation(std::uint64_t size, std::uint64_t seed, std::uint64_t pass, std::uint64_t part)
    : size_(size), half_bits_(half_bits_for(size)) {
    const auto words = RandomStream(seed, Purpose::shuffle, 0, pass).words(part, 0);
    key_ = {words[0], words[1]};
}

std::uint64_t Permutation::operator()(std::uint64_t position) const {
    const r123::Philox4x32 generate;
    const std::uint64_t mask = (std::uint64_t{1} << half_bits_) - 1;
    std::uint64_t value = position;
    do {
        auto left = static_cast<std::uint32_t>(value >> half_bits_);
        auto right = static_cast<std::uint32_t>(value & mask);
        for (std::uint32_t round = 0; round < kRounds; ++round) {
            const std::uint32_t mixed = generate({{right, round, 0, 0}}, {{key_[0], key_[1]}})[0];
            const auto next = static_cast<std::uint32_t>((left ^ mixed) & mask);
            left = right;
            right = next;
        }
        value = (std::uint64_t{left} << half_bits_) | right;
    } while (value >= size_);
    return value;
}

}  // namespace lockstep
