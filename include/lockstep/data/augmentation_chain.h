#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <lockstep/core/aligned_buffer.h>
#include <lockstep/core/config.h>
#include <lockstep/data/augmentation.h>

namespace lockstep {

/// Augmentations one after the other, with room for what lies between them.
class AugmentationChain {
public:
    /// Each is a name or a table with `type`; `input` is the shape of the samples. Throws ConfigError naming
    /// the place of one that is unknown, has wrong keys or cannot change samples of the shape that it gets.
    AugmentationChain(const std::vector<Config>& augmentations, const Shape& input);

    bool empty() const { return links_.empty(); }
    /// Of the results.
    const Shape& output_shape() const { return output_; }

    /// From here on the random numbers are those of this pass.
    void begin_pass(std::uint64_t seed, std::uint64_t pass);

    /// Writes the changed sample to `to`. `position`: of the sample in the pass. Allocates nothing.
    /// Precondition: not empty.
    void apply(std::uint64_t position, std::span<const float> from, std::span<float> to);

private:
    struct Link {
        std::unique_ptr<Augmentation> augmentation;
        std::size_t outputs;
        RandomStream random;
    };

    void reserve();

    std::vector<Link> links_;
    Shape output_;
    std::array<AlignedBuffer<float>, 2> between_;
};

}  // namespace lockstep
