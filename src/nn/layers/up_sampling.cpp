#include <array>

#include <lockstep/core/construct.h>
#include <lockstep/nn/layers/up_sampling.h>

#include "../option_check.h"
#include "axis_sizes.h"

namespace lockstep {

template <std::size_t Axes>
UpSampling<Axes>::UpSampling(Options options) : options_(std::move(options)) {
    options_.size = expand_axis_sizes("size", options_.size, Axes);
    const bool is_known =
        options_.interpolation == "nearest" || (Axes == 2 && options_.interpolation == "bilinear");
    check_option(is_known, "interpolation", Axes == 2 ? "\"nearest\" or \"bilinear\"" : "\"nearest\"",
                 options_.interpolation);
}

template <std::size_t Axes>
Config UpSampling<Axes>::config() const {
    Config keys = Config::table({{"size", axis_sizes_config(options_.size)}});
    if (Axes == 2) keys.set("interpolation", options_.interpolation);
    return keys;
}

template <std::size_t Axes>
Shape UpSampling<Axes>::build(const Shape& input) {
    const auto make = options_.interpolation == "bilinear" ? make_bilinear : make_nearest;
    interpolation_ = make(Grid::of(input, Axes), options_.size);
    return interpolation_->outputs().shape(Axes);
}

template <std::size_t Axes>
void UpSampling<Axes>::forward(const LayerPass& /*pass*/, ConstMatrix x, Matrix y) {
    for (std::size_t row = 0; row < x.rows(); ++row)
        interpolation_->enlarge(x.row(row).data(), y.row(row).data());
}

template <std::size_t Axes>
void UpSampling<Axes>::backward(const LayerPass& /*pass*/, ConstMatrix x, ConstMatrix /*y*/, Matrix dy,
                                Matrix dx, std::span<const std::span<float>> /*gradients*/) {
    if (dx.empty()) return;
    for (std::size_t row = 0; row < x.rows(); ++row)
        interpolation_->backward(dy.row(row).data(), dx.row(row).data());
}

template <std::size_t Axes>
std::string_view UpSampling<Axes>::type() const {
    constexpr std::array<std::string_view, 3> kTypes{"up_sampling1d", "up_sampling2d", "up_sampling3d"};
    return kTypes[Axes - 1];
}

template <std::size_t Axes>
const TypeHelp& UpSampling<Axes>::help() {
    static const TypeHelp help = [] {
        TypeHelp text{
            .summary = "more places on the spatial axes",
            .keys = {{"size", "2", "how many times as many; a number, or a list with one per axis"}}};
        if (Axes == 2) text.keys.push_back({"interpolation", "\"nearest\"", "\"nearest\" or \"bilinear\""});
        return text;
    }();
    return help;
}

template <std::size_t Axes>
std::unique_ptr<Layer> UpSampling<Axes>::from_config(const Config& keys) {
    Options options{.size = read_axis_sizes(keys, "size", Options{}.size)};
    if (Axes == 2) options.interpolation = keys.get("interpolation", options.interpolation);
    return construct_from<UpSampling>(keys, std::move(options));
}

template class UpSampling<1>;
template class UpSampling<2>;
template class UpSampling<3>;

}  // namespace lockstep
