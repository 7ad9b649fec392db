#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace lockstep {

/// What random numbers are drawn for. Streams of different purposes never meet.
enum class Purpose : std::uint32_t {
    shuffle = 1,
    initial_weights = 2,
    dropout = 3,
    augmentation = 4,
    noise = 5,
    synthetic_data = 6,
};

/// Counter-based random numbers (Philox 4x32-10, Salmon et al., "Parallel random numbers: as easy as
/// 1, 2, 3", SC11). A number is a function of its key and its place, so that any rank can draw
/// any part of a stream, in any order, and there is no state to save.
///
/// The key is (seed, purpose, instance, pass): `instance` tells apart the users of one purpose
/// (the index of a layer), `pass` the walks over the data. The place is (position, index): the place of
/// a sample in the pass, and the number of the draw within that sample.
class RandomStream {
public:
    RandomStream(std::uint64_t seed, Purpose purpose, std::uint64_t instance = 0, std::uint64_t pass = 0);

    /// A stream with a key of its own for each `index`: what a user of this one hands on to its parts. The
    /// key is what would be drawn at the last of all positions, where there is never a sample.
    RandomStream substream(std::uint64_t index) const;

    /// Four independent words: draw number `index` at `position`.
    std::array<std::uint32_t, 4> words(std::uint64_t position, std::uint64_t index) const;

    /// Fills `values` with draws index = first_index, first_index + 1, ... (one float each) at `position`,
    /// uniform in [0, 1). `first_index` must be a multiple of 4.
    void uniform(std::uint64_t position, std::uint64_t first_index, std::span<float> values) const;

    /// The same, from the standard normal distribution (Box-Muller).
    void normal(std::uint64_t position, std::uint64_t first_index, std::span<float> values) const;

private:
    std::array<std::uint32_t, 2> key_;
};

}  // namespace lockstep
