#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace lockstep::io {

/// One read: rows [first, first + count) of the dataset serve requests [begin, end) of `order`.
struct RowSpan {
    std::uint64_t first = 0;
    std::uint64_t count = 0;
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// How to read rows in few, long reads although they are wanted in any order.
struct RowPlan {
    std::vector<std::size_t> order;  // positions in `indices`, by rising index
    std::vector<RowSpan> spans;      // none longer than `most_rows`
};

/// Sorts the request and joins neighbours. Gaps of up to `widest_gap` rows are read too: that is cheaper than
/// another call.
RowPlan plan_rows(std::span<const std::uint64_t> indices, std::uint64_t most_rows, std::uint64_t widest_gap);

}  // namespace lockstep::io
