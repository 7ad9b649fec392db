#include <algorithm>

#include <lockstep/core/error.h>
#include <lockstep/nn/layers/window_axis.h>

#include "../unknown_name.h"
#include "divide_up.h"

namespace lockstep {

Padding parse_padding(const std::string& name, const std::vector<std::string>& allowed) {
    if (std::ranges::find(allowed, name) == allowed.end()) throw_unknown_name("padding", name, allowed);
    if (name == "causal") return Padding::causal;
    return name == "same" ? Padding::same : Padding::valid;
}

std::size_t WindowAxis::inner_begin() const {
    return divide_up(before, stride);
}

std::size_t WindowAxis::inner_end() const {
    if (places + before < span()) return 0;
    return std::min(positions, (places + before - span()) / stride + 1);
}

WindowAxis WindowAxis::over(std::size_t places, std::size_t taps, std::size_t stride, std::size_t dilation,
                            Padding padding) {
    WindowAxis axis{.places = places, .taps = taps, .stride = stride, .dilation = dilation};
    axis.positions = divide_up(places, stride);
    if (padding == Padding::causal) {
        axis.before = axis.span() - 1;
    } else if (padding == Padding::same) {
        const std::size_t covered = (axis.positions - 1) * stride + axis.span();
        axis.before = covered > places ? (covered - places) / 2 : 0;
    } else {
        if (places < axis.span())
            throw ShapeError("expected inputs as large as a window, got " + std::to_string(places) +
                             " places on an axis and a window over " + std::to_string(axis.span()) +
                             "; make the window smaller or set padding = \"same\"");
        axis.positions = (places - axis.span()) / stride + 1;
    }
    return axis;
}

WindowAxis WindowAxis::of_transposed(std::size_t positions, std::size_t taps, std::size_t stride,
                                     Padding padding) {
    WindowAxis axis{.places = positions * stride, .taps = taps, .stride = stride};
    axis.positions = positions;
    const std::size_t overhang = taps > stride ? taps - stride : 0;
    if (padding == Padding::same)
        axis.before = overhang / 2;
    else
        axis.places += overhang;
    return axis;
}

}  // namespace lockstep
