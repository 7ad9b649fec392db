#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace lockstep {

/// Adds up slots of numbers, one slot per shard of a batch, along the shards' tree: n slots are split at the
/// largest power of two below n.
class SlotTree {
public:
    SlotTree() = default;
    /// Everything is allocated here.
    SlotTree(std::size_t most_slots, std::size_t most_numbers)
        : partial_sums_((std::bit_width(most_slots) + 1) * most_numbers) {}

    /// `slots`: of sum.size() numbers each, one behind the other. Without slots the sum is 0.
    void add(std::span<const double> slots, std::span<double> sum) {
        if (slots.empty())
            std::ranges::fill(sum, 0.0);
        else
            std::ranges::copy(add_from(slots, sum.size(), 0), sum.begin());
    }

private:
    std::span<const double> add_from(std::span<const double> slots, std::size_t width, std::size_t depth) {
        if (slots.size() == width) return slots;
        const std::size_t split = std::bit_floor(slots.size() / width - 1) * width;
        const auto left = add_from(slots.first(split), width, depth);
        const auto right = add_from(slots.subspan(split), width, depth + 1);
        const auto out = std::span(partial_sums_).subspan(depth * width, width);
        std::ranges::transform(left, right, out.begin(), std::plus{});
        return out;
    }

    std::vector<double> partial_sums_;  // one slot per level
};

}  // namespace lockstep
