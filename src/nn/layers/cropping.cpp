#include <array>

#include <lockstep/core/construct.h>
#include <lockstep/core/error.h>
#include <lockstep/nn/layers/cropping.h>

#include "margin_keys.h"

namespace lockstep {

template <std::size_t Axes>
Cropping<Axes>::Cropping(const Options& options)
    : margins_(expand_margins(options.cropping, Axes, "cropping")) {}

template <std::size_t Axes>
Config Cropping<Axes>::config() const {
    return Config::table({{"cropping", margins_config(margins_, Axes)}});
}

template <std::size_t Axes>
Shape Cropping<Axes>::build(const Shape& input) {
    const Grid outer = Grid::of(input, Axes);
    Grid inner = outer;
    Extents3 before{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const std::size_t cropped = margins_[axis].before + margins_[axis].after;
        if (outer.extents[axis] <= cropped)
            throw ShapeError("expected inputs with more than the " + std::to_string(cropped) +
                             " places that cropping leaves out of an axis, got " + input.to_string());
        inner.extents[axis] -= cropped;
        before[axis] = margins_[axis].before;
    }
    frame_ = Frame(inner, outer, before);
    return inner.shape(Axes);
}

template <std::size_t Axes>
void Cropping<Axes>::forward(const LayerPass& /*pass*/, ConstMatrix x, Matrix y) {
    for (std::size_t row = 0; row < x.rows(); ++row) frame_.copy_in(x.row(row).data(), y.row(row).data());
}

template <std::size_t Axes>
void Cropping<Axes>::backward(const LayerPass& /*pass*/, ConstMatrix x, ConstMatrix /*y*/, Matrix dy,
                              Matrix dx, std::span<const std::span<float>> /*gradients*/) {
    if (dx.empty()) return;
    for (std::size_t row = 0; row < x.rows(); ++row) frame_.copy_out(dy.row(row).data(), dx.row(row).data());
}

template <std::size_t Axes>
std::string_view Cropping<Axes>::type() const {
    constexpr std::array<std::string_view, 3> kTypes{"cropping1d", "cropping2d", "cropping3d"};
    return kTypes[Axes - 1];
}

template <std::size_t Axes>
const TypeHelp& Cropping<Axes>::help() {
    static const TypeHelp help{.summary = "leaves out places at both ends of the spatial axes",
                               .keys = {{"cropping", Axes == 2 ? "0" : "1",
                                         "a number, or per axis a number or a pair [before, after]"}}};
    return help;
}

template <std::size_t Axes>
std::unique_ptr<Layer> Cropping<Axes>::from_config(const Config& keys) {
    return construct_from<Cropping>(keys,
                                    {.cropping = read_margins(keys, "cropping", Axes, Options{}.cropping)});
}

template class Cropping<1>;
template class Cropping<2>;
template class Cropping<3>;

}  // namespace lockstep
