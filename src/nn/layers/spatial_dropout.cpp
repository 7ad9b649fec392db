#include <algorithm>
#include <array>

#include <lockstep/core/construct.h>
#include <lockstep/nn/layers/spatial_dropout.h>

#include "../option_check.h"
#include "channel_loops.h"

namespace lockstep {

template <std::size_t Axes>
SpatialDropout<Axes>::SpatialDropout(Options options) : options_(options) {
    check_option(options_.rate >= 0.0 && options_.rate < 1.0, "rate", "a number in [0, 1)", options_.rate);
}

template <std::size_t Axes>
Shape SpatialDropout<Axes>::build(const Shape& input) {
    grid_ = Grid::of(input, Axes);
    return input;
}

template <std::size_t Axes>
void SpatialDropout<Axes>::reserve(std::size_t /*rows*/) {
    factors_ = AlignedBuffer<float>(grid_.channels);
}

template <std::size_t Axes>
void SpatialDropout<Axes>::draw_factors(const LayerPass& pass, std::size_t row) {
    const auto rate = static_cast<float>(options_.rate);
    const float keep_factor = 1.0F / (1.0F - rate);
    pass.random.uniform(pass.position + row, 0, factors_.span());
    for (float& factor : factors_.span()) factor = factor < rate ? 0.0F : keep_factor;
}

template <std::size_t Axes>
void SpatialDropout<Axes>::drop(const LayerPass& pass, ConstMatrix from, Matrix to) {
    if (!pass.training || options_.rate == 0.0) {
        std::ranges::copy(from.values(), to.data());
        return;
    }
    const std::size_t channels = grid_.channels;
    for (std::size_t row = 0; row < from.rows(); ++row) {
        draw_factors(pass, row);
        for (std::size_t offset = 0; offset < grid_.size(); offset += channels)
            multiply(from.row(row).data() + offset, factors_.data(), channels, to.row(row).data() + offset);
    }
}

template <std::size_t Axes>
void SpatialDropout<Axes>::forward(const LayerPass& pass, ConstMatrix x, Matrix y) {
    drop(pass, x, y);
}

template <std::size_t Axes>
void SpatialDropout<Axes>::backward(const LayerPass& pass, ConstMatrix /*x*/, ConstMatrix /*y*/, Matrix dy,
                                    Matrix dx, std::span<const std::span<float>> /*gradients*/) {
    if (!dx.empty()) drop(pass, dy, dx);  // drawing the factors again is cheaper than keeping them
}

template <std::size_t Axes>
std::string_view SpatialDropout<Axes>::type() const {
    constexpr std::array<std::string_view, 3> kTypes{"spatial_dropout1d", "spatial_dropout2d",
                                                     "spatial_dropout3d"};
    return kTypes[Axes - 1];
}

template <std::size_t Axes>
const TypeHelp& SpatialDropout<Axes>::help() {
    static const TypeHelp help{
        .summary = "in training, sets a random part of the channels to zero and scales up the rest",
        .keys = {{"rate", "required", "the part that is dropped, in [0, 1)"}}};
    return help;
}

template <std::size_t Axes>
std::unique_ptr<Layer> SpatialDropout<Axes>::from_config(const Config& keys) {
    return construct_from<SpatialDropout>(keys, {.rate = keys.get<double>("rate")});
}

template class SpatialDropout<1>;
template class SpatialDropout<2>;
template class SpatialDropout<3>;

}  // namespace lockstep
