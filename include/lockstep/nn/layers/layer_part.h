#pragma once

#include <cstddef>
#include <span>

#include <lockstep/nn/batch_pass.h>

namespace lockstep {

/// A layer, or several in a row, inside another layer: where what belongs to it lies in what belongs to the
/// outer one.
struct LayerPart {
    std::size_t index = 0;  // its random numbers are those of this substream
    std::size_t first_weight = 0, weights = 0;
    std::size_t first_saved = 0, saved = 0;  // floats per sample

    /// Of the part behind this one, up to what it has itself.
    LayerPart next() const {
        return {
            .index = index + 1, .first_weight = first_weight + weights, .first_saved = first_saved + saved};
    }

    BatchPass pass(const BatchPass& outer, std::size_t rows) const {
        return {.training = outer.training,
                .random = outer.random.substream(index),
                .shards = outer.shards,
                .weights = outer.weights.subspan(first_weight, weights),
                .saved = outer.saved.subspan(rows * first_saved, rows * saved),
                .sums = outer.sums};
    }

    /// Of the outer layer's gradients; with the padding behind.
    std::span<float> gradients(const BatchPass& outer, std::span<float> all) const {
        const auto place_of = [&](std::size_t weight) {
            return weight < outer.weights.size()
                       ? static_cast<std::size_t>(outer.weights[weight].data() - outer.weights[0].data())
                       : all.size();
        };
        const std::size_t first = place_of(first_weight);
        return all.subspan(first, place_of(first_weight + weights) - first);
    }
};

}  // namespace lockstep
