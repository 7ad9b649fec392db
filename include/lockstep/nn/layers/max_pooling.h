#pragma once

#include <lockstep/nn/layers/pooling.h>

namespace lockstep {

/// The largest number of each window; of several the first, to which the gradient goes. Padding counts as
/// -infinity; a NaN in a window comes out. Shapes: see Pooling.
template <std::size_t Axes>
class MaxPooling final : public Pooling {
public:
    using Pooling::Options;

    /// Throws ConfigError: see Pooling.
    explicit MaxPooling(Options options) : Pooling(Axes, std::move(options)) {}

    static const TypeHelp& help();
    static std::unique_ptr<Layer> from_config(const Config& keys);

    std::string_view type() const override;
    std::size_t saved_floats_per_sample() const override { return windows().outputs().size(); }
    void forward(const LayerPass& pass, ConstMatrix x, Matrix y) override;
    void backward(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                  std::span<const std::span<float>> gradients) override;
};

using MaxPooling1D = MaxPooling<1>;
using MaxPooling2D = MaxPooling<2>;
using MaxPooling3D = MaxPooling<3>;

}  // namespace lockstep
