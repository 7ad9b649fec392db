#include <algorithm>
#include <array>

#include <lockstep/core/construct.h>
#include <lockstep/math/kernels.h>
#include <lockstep/nn/layers/global_pooling.h>

#include "running_maximum.h"

namespace lockstep {

Shape GlobalPooling::build(const Shape& input) {
    grid_ = Grid::of(input, axes_);
    return options_.keepdims ? Grid{.channels = grid_.channels}.shape(axes_) : Shape{grid_.channels};
}

GlobalPooling::Options GlobalPooling::options_from(const Config& keys) {
    return {.keepdims = keys.get("keepdims", Options{}.keepdims)};
}

std::vector<TypeHelp::Key> GlobalPooling::keys_help() {
    return {{"keepdims", "false", "whether the spatial axes stay, with one place each"}};
}

template <std::size_t Axes>
void GlobalMaxPooling<Axes>::forward(const LayerPass& pass, ConstMatrix x, Matrix y) {
    const std::size_t channels = grid().channels, places = grid().places();
    for (std::size_t row = 0; row < x.rows(); ++row) {
        const float* const from = x.row(row).data();
        const RunningMaximum maximum(y.row(row).data(), pass.saved.data() + row * channels, channels);
        maximum.start(from);
        for (std::size_t place = 1; place < places; ++place)
            maximum.add(from + place * channels, static_cast<std::uint32_t>(place));
    }
}

template <std::size_t Axes>
void GlobalMaxPooling<Axes>::backward(const LayerPass& pass, ConstMatrix /*x*/, ConstMatrix /*y*/, Matrix dy,
                                      Matrix dx, std::span<const std::span<float>> /*gradients*/) {
    if (dx.empty()) return;
    const std::size_t channels = grid().channels;
    std::ranges::fill(dx.values(), 0.0F);
    for (std::size_t row = 0; row < dy.rows(); ++row) {
        for (std::size_t c = 0; c < channels; ++c) {
            const std::size_t place = std::bit_cast<std::uint32_t>(pass.saved[row * channels + c]);
            dx.row(row)[place * channels + c] = dy.row(row)[c];
        }
    }
}

template <std::size_t Axes>
std::string_view GlobalMaxPooling<Axes>::type() const {
    constexpr std::array<std::string_view, 3> kTypes{"global_max_pooling1d", "global_max_pooling2d",
                                                     "global_max_pooling3d"};
    return kTypes[Axes - 1];
}

template <std::size_t Axes>
const TypeHelp& GlobalMaxPooling<Axes>::help() {
    static const TypeHelp help{.summary = "the largest number of each channel", .keys = keys_help()};
    return help;
}

template <std::size_t Axes>
std::unique_ptr<Layer> GlobalMaxPooling<Axes>::from_config(const Config& keys) {
    return construct_from<GlobalMaxPooling>(keys, options_from(keys));
}

template <std::size_t Axes>
void GlobalAveragePooling<Axes>::forward(const LayerPass& /*pass*/, ConstMatrix x, Matrix y) {
    for (std::size_t row = 0; row < x.rows(); ++row) math::sum_rows(x.row(row), grid().places(), y.row(row));
    math::scale(y.values(), 1.0F / static_cast<float>(grid().places()), y.values());
}

template <std::size_t Axes>
void GlobalAveragePooling<Axes>::backward(const LayerPass& /*pass*/, ConstMatrix /*x*/, ConstMatrix /*y*/,
                                          Matrix dy, Matrix dx,
                                          std::span<const std::span<float>> /*gradients*/) {
    if (dx.empty()) return;
    const std::size_t channels = grid().channels, places = grid().places();
    math::scale(dy.values(), 1.0F / static_cast<float>(places), dy.values());
    for (std::size_t row = 0; row < dy.rows(); ++row)
        for (std::size_t place = 0; place < places; ++place)
            std::ranges::copy(dy.row(row), dx.row(row).data() + place * channels);
}

template <std::size_t Axes>
std::string_view GlobalAveragePooling<Axes>::type() const {
    constexpr std::array<std::string_view, 3> kTypes{"global_average_pooling1d", "global_average_pooling2d",
                                                     "global_average_pooling3d"};
    return kTypes[Axes - 1];
}

template <std::size_t Axes>
const TypeHelp& GlobalAveragePooling<Axes>::help() {
    static const TypeHelp help{.summary = "the mean of each channel", .keys = keys_help()};
    return help;
}

template <std::size_t Axes>
std::unique_ptr<Layer> GlobalAveragePooling<Axes>::from_config(const Config& keys) {
    return construct_from<GlobalAveragePooling>(keys, options_from(keys));
}

template class GlobalMaxPooling<1>;
template class GlobalMaxPooling<2>;
template class GlobalMaxPooling<3>;
template class GlobalAveragePooling<1>;
template class GlobalAveragePooling<2>;
template class GlobalAveragePooling<3>;

}  // namespace lockstep
