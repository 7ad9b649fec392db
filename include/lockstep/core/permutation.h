#pragma once

#include <array>
#include <cstdint>

namespace lockstep {

/// A keyed bijection of [0, size): the order in which one pass visits the samples.
/// O(1) memory, the same on every rank and for every number of ranks.
///
/// A balanced Feistel network of `kRounds` Philox rounds over the smallest even number of bits that holds
/// `size`, walked until the value falls below `size` (Black and Rogaway, "Ciphers with arbitrary finite
/// domains", CT-RSA 2002).
class Permutation {
public:
    /// `part`: tells apart several permutations of one pass.
    Permutation(std::uint64_t size, std::uint64_t seed, std::uint64_t pass, std::uint64_t part = 0);

    std::uint64_t size() const { return size_; }

    /// The sample at `position`. Precondition: position < size().
    std::uint64_t operator()(std::uint64_t position) const;

private:
    static constexpr int kRounds = 4;

    std::uint64_t size_;
    int half_bits_;
    std::array<std::uint32_t, 2> key_;
};

}  // namespace lockstep
