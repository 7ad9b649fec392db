#include "row_plan.h"

#include <algorithm>
#include <numeric>

namespace lockstep::io {

RowPlan plan_rows(std::span<const std::uint64_t> indices, std::uint64_t most_rows, std::uint64_t widest_gap) {
    RowPlan plan;
    plan.order.resize(indices.size());
    std::iota(plan.order.begin(), plan.order.end(), std::size_t{0});
    if (!std::is_sorted(indices.begin(), indices.end()))
        std::sort(plan.order.begin(), plan.order.end(),
                  [&](std::size_t a, std::size_t b) { return indices[a] < indices[b]; });
    for (std::size_t i = 0; i < plan.order.size(); ++i) {
        const std::uint64_t row = indices[plan.order[i]];
        const bool joins = !plan.spans.empty() && row - plan.spans.back().first < most_rows &&
                           row <= plan.spans.back().first + plan.spans.back().count + widest_gap;
        if (!joins) plan.spans.push_back({row, 1, i, i});
        plan.spans.back().count = row - plan.spans.back().first + 1;
        plan.spans.back().end = i + 1;
    }
    return plan;
}

}  // namespace lockstep::io
