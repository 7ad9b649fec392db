#include <array>

#include <lockstep/core/construct.h>
#include <lockstep/nn/layers/zero_padding.h>

#include "margin_keys.h"

namespace lockstep {

template <std::size_t Axes>
ZeroPadding<Axes>::ZeroPadding(const Options& options)
    : margins_(expand_margins(options.padding, Axes, "padding")) {}

template <std::size_t Axes>
Config ZeroPadding<Axes>::config() const {
    return Config::table({{"padding", margins_config(margins_, Axes)}});
}

template <std::size_t Axes>
Shape ZeroPadding<Axes>::build(const Shape& input) {
    const Grid inner = Grid::of(input, Axes);
    Grid outer = inner;
    Extents3 before{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        outer.extents[axis] += margins_[axis].before + margins_[axis].after;
        before[axis] = margins_[axis].before;
    }
    frame_ = Frame(inner, outer, before);
    return outer.shape(Axes);
}

template <std::size_t Axes>
void ZeroPadding<Axes>::forward(const LayerPass& /*pass*/, ConstMatrix x, Matrix y) {
    for (std::size_t row = 0; row < x.rows(); ++row) frame_.copy_out(x.row(row).data(), y.row(row).data());
}

template <std::size_t Axes>
void ZeroPadding<Axes>::backward(const LayerPass& /*pass*/, ConstMatrix x, ConstMatrix /*y*/, Matrix dy,
                                 Matrix dx, std::span<const std::span<float>> /*gradients*/) {
    if (dx.empty()) return;
    for (std::size_t row = 0; row < x.rows(); ++row) frame_.copy_in(dy.row(row).data(), dx.row(row).data());
}

template <std::size_t Axes>
std::string_view ZeroPadding<Axes>::type() const {
    constexpr std::array<std::string_view, 3> kTypes{"zero_padding1d", "zero_padding2d", "zero_padding3d"};
    return kTypes[Axes - 1];
}

template <std::size_t Axes>
const TypeHelp& ZeroPadding<Axes>::help() {
    static const TypeHelp help{
        .summary = "zeros around the places of the spatial axes",
        .keys = {{"padding", "1", "a number, or per axis a number or a pair [before, after]"}}};
    return help;
}

template <std::size_t Axes>
std::unique_ptr<Layer> ZeroPadding<Axes>::from_config(const Config& keys) {
    return construct_from<ZeroPadding>(keys,
                                       {.padding = read_margins(keys, "padding", Axes, Options{}.padding)});
}

template class ZeroPadding<1>;
template class ZeroPadding<2>;
template class ZeroPadding<3>;

}  // namespace lockstep
