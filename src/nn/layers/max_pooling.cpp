#include <algorithm>
#include <array>

#include <lockstep/core/construct.h>
#include <lockstep/nn/layers/max_pooling.h>

#include "running_maximum.h"

namespace lockstep {
namespace {

/// Adds dy where the largest value had this number within its window.
void add_where(const float* __restrict dy, const float* __restrict where, std::uint32_t number,
               std::size_t channels, float* __restrict dx) {
    for (std::size_t c = 0; c < channels; ++c)
        dx[c] += std::bit_cast<std::uint32_t>(where[c]) == number ? dy[c] : 0.0F;
}

}  // namespace

template <std::size_t Axes>
void MaxPooling<Axes>::forward(const LayerPass& pass, ConstMatrix x, Matrix y) {
    const std::size_t channels = windows().grid().channels, outputs = windows().outputs().size();
    for (std::size_t row = 0; row < x.rows(); ++row) {
        const float* const from = x.row(row).data();
        float* const to = y.row(row).data();
        float* const saved = pass.saved.data() + row * outputs;
        windows().for_each([&](std::size_t window, const Windows::Box& box) {
            const RunningMaximum maximum(to + window * channels, saved + window * channels, channels);
            std::uint32_t number = 0;
            windows().for_each_place(box, [&](std::size_t place) {
                const float* const values = from + place * channels;
                if (number == 0)
                    maximum.start(values);
                else
                    maximum.add(values, number);
                ++number;
            });
        });
    }
}

template <std::size_t Axes>
void MaxPooling<Axes>::backward(const LayerPass& pass, ConstMatrix x, ConstMatrix /*y*/, Matrix dy, Matrix dx,
                                std::span<const std::span<float>> /*gradients*/) {
    if (dx.empty()) return;
    const std::size_t channels = windows().grid().channels, outputs = windows().outputs().size();
    std::ranges::fill(dx.values(), 0.0F);
    for (std::size_t row = 0; row < x.rows(); ++row) {
        const float* const from = dy.row(row).data();
        const float* const saved = pass.saved.data() + row * outputs;
        float* const to = dx.row(row).data();
        windows().for_each([&](std::size_t window, const Windows::Box& box) {
            std::uint32_t number = 0;
            windows().for_each_place(box, [&](std::size_t place) {
                add_where(from + window * channels, saved + window * channels, number++, channels,
                          to + place * channels);
            });
        });
    }
}

template <std::size_t Axes>
std::string_view MaxPooling<Axes>::type() const {
    constexpr std::array<std::string_view, 3> kTypes{"max_pooling1d", "max_pooling2d", "max_pooling3d"};
    return kTypes[Axes - 1];
}

template <std::size_t Axes>
const TypeHelp& MaxPooling<Axes>::help() {
    static const TypeHelp help{.summary = "the largest number of each window, channel by channel",
                               .keys = keys_help()};
    return help;
}

template <std::size_t Axes>
std::unique_ptr<Layer> MaxPooling<Axes>::from_config(const Config& keys) {
    return construct_from<MaxPooling>(keys, options_from(keys));
}

template class MaxPooling<1>;
template class MaxPooling<2>;
template class MaxPooling<3>;

}  // namespace lockstep
