#pragma once

#include <array>
#include <cstdint>
#include <span>

#include <lockstep/core/random.h>
#include <lockstep/core/shape.h>

namespace lockstep {

/// The random numbers of one augmentation for one sample: a function of the seed, the augmentation's place in
/// the list, the pass and the sample's position in the pass. The rank that happens to read the sample plays
/// no part.
struct SampleDraws {
    const RandomStream& random;
    std::uint64_t position;

    /// Draws 0 to 3, uniform in [0, 1).
    std::array<float, 4> uniform() const {
        std::array<float, 4> numbers;
        random.uniform(position, 0, numbers);
        return numbers;
    }
};

/// Changes the inputs of training samples at random each time that they are read. What it gets is what the
/// model would get without it: decoded, scaled and normalized; fill values and noise are in these units.
class Augmentation {
public:
    virtual ~Augmentation() = default;

    /// Called once, before apply(): takes the shape of the samples and returns that of the results. Throws
    /// ShapeError if it cannot change such samples.
    virtual Shape build(const Shape& input) = 0;

    /// Writes `from`, changed, to `to`; their sizes are those that build() took and returned, and they do not
    /// overlap. Must not allocate. One thread at a time calls it.
    virtual void apply(const SampleDraws& draws, std::span<const float> from, std::span<float> to) = 0;
};

}  // namespace lockstep
