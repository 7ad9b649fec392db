#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include <lockstep/core/aligned_buffer.h>

namespace lockstep {

/// Sums over the rows of a matrix, channel by channel: floats within a block of rows, doubles over the
/// blocks.
class ChannelSums {
public:
    ChannelSums() = default;
    /// At most so many sums at a time.
    explicit ChannelSums(std::size_t sums) : totals_(sums), partial_(sums) {}

    /// add(row, sums) adds what one row brings to sums[0, count). The totals are valid until the next call.
    template <typename Add>
    std::span<const double> over(std::size_t rows, std::size_t count, Add add) {
        constexpr std::size_t kBlock = 64;
        const auto totals = totals_.span().first(count);
        const auto partial = partial_.span().first(count);
        std::ranges::fill(totals, 0.0);
        for (std::size_t first = 0; first < rows; first += kBlock) {
            std::ranges::fill(partial, 0.0F);
            const std::size_t end = std::min(rows, first + kBlock);
            for (std::size_t row = first; row < end; ++row) add(row, partial.data());
            for (std::size_t i = 0; i < count; ++i) totals[i] += static_cast<double>(partial[i]);
        }
        return totals;
    }

private:
    AlignedBuffer<double> totals_;
    AlignedBuffer<float> partial_;
};

}  // namespace lockstep
