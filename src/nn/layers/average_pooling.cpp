#include <algorithm>
#include <array>

#include <lockstep/core/construct.h>
#include <lockstep/nn/layers/average_pooling.h>

#include "channel_loops.h"

namespace lockstep {

template <std::size_t Axes>
void AveragePooling<Axes>::forward(const LayerPass& /*pass*/, ConstMatrix x, Matrix y) {
    const std::size_t channels = windows().grid().channels;
    std::ranges::fill(y.values(), 0.0F);
    for (std::size_t row = 0; row < x.rows(); ++row) {
        const float* const from = x.row(row).data();
        float* const to = y.row(row).data();
        windows().for_each([&](std::size_t window, const Windows::Box& box) {
            const float share = 1.0F / static_cast<float>(box.places());
            windows().for_each_place(box, [&](std::size_t place) {
                add_scaled(from + place * channels, share, channels, to + window * channels);
            });
        });
    }
}

template <std::size_t Axes>
void AveragePooling<Axes>::backward(const LayerPass& /*pass*/, ConstMatrix x, ConstMatrix /*y*/, Matrix dy,
                                    Matrix dx, std::span<const std::span<float>> /*gradients*/) {
    if (dx.empty()) return;
    const std::size_t channels = windows().grid().channels;
    std::ranges::fill(dx.values(), 0.0F);
    for (std::size_t row = 0; row < x.rows(); ++row) {
        const float* const from = dy.row(row).data();
        float* const to = dx.row(row).data();
        windows().for_each([&](std::size_t window, const Windows::Box& box) {
            const float share = 1.0F / static_cast<float>(box.places());
            windows().for_each_place(box, [&](std::size_t place) {
                add_scaled(from + window * channels, share, channels, to + place * channels);
            });
        });
    }
}

template <std::size_t Axes>
std::string_view AveragePooling<Axes>::type() const {
    constexpr std::array<std::string_view, 3> kTypes{"average_pooling1d", "average_pooling2d",
                                                     "average_pooling3d"};
    return kTypes[Axes - 1];
}

template <std::size_t Axes>
const TypeHelp& AveragePooling<Axes>::help() {
    static const TypeHelp help{
        .summary = "the mean of each window, channel by channel; padding does not count",
        .keys = keys_help()};
    return help;
}

template <std::size_t Axes>
std::unique_ptr<Layer> AveragePooling<Axes>::from_config(const Config& keys) {
    return construct_from<AveragePooling>(keys, options_from(keys));
}

template class AveragePooling<1>;
template class AveragePooling<2>;
template class AveragePooling<3>;

}  // namespace lockstep
