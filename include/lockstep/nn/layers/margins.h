#pragma once

#include <cstddef>
#include <vector>

#include <lockstep/nn/layers/grid.h>

namespace lockstep {

/// Places before and after those of an axis.
struct Margin {
    std::size_t before = 0;
    std::size_t after = 0;
};

/// One for all spatial axes of a layer, or one for each of them.
using Margins = std::vector<Margin>;

/// A grid that lies within a larger one.
class Frame {
public:
    Frame() = default;
    Frame(const Grid& inner, const Grid& outer, const Extents3& before)
        : inner_(inner), outer_(outer), before_(before) {}

    const Grid& inner() const { return inner_; }
    const Grid& outer() const { return outer_; }

    /// Of one sample; what lies outside the inner grid becomes 0.
    void copy_out(const float* inner, float* outer) const;
    /// Of one sample.
    void copy_in(const float* outer, float* inner) const;

private:
    /// Calls visit(offset in the inner grid, offset in the outer one) for each line of the inner one.
    template <typename Visit>
    void for_each_line(Visit visit) const;

    Grid inner_, outer_;
    Extents3 before_{};
};

}  // namespace lockstep
