#pragma once

#include <lockstep/nn/layers/pooling.h>

namespace lockstep {

/// The mean of each window; padded places do not count. Shapes: see Pooling.
template <std::size_t Axes>
class AveragePooling final : public Pooling {
public:
    using Pooling::Options;

    /// Throws ConfigError: see Pooling.
    explicit AveragePooling(Options options) : Pooling(Axes, std::move(options)) {}

    static const TypeHelp& help();
    static std::unique_ptr<Layer> from_config(const Config& keys);

    std::string_view type() const override;
    void forward(const LayerPass& pass, ConstMatrix x, Matrix y) override;
    void backward(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                  std::span<const std::span<float>> gradients) override;
};

using AveragePooling1D = AveragePooling<1>;
using AveragePooling2D = AveragePooling<2>;
using AveragePooling3D = AveragePooling<3>;

}  // namespace lockstep
