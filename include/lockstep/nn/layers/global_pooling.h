#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/layers/grid.h>
#include <lockstep/nn/shard_layer.h>

namespace lockstep {

/// What layers share that make one number of all places of a channel.
///
/// Shapes: x [rows, places..., channels], y [rows, channels], or [rows, 1, ..., channels] with keepdims.
class GlobalPooling : public ShardLayer {
public:
    struct Options {
        bool keepdims = false;  // whether the spatial axes stay, with one place each
    };

    Config config() const override { return Config::table({{"keepdims", options_.keepdims}}); }
    /// Throws ShapeError unless the input has the layer's number of axes.
    Shape build(const Shape& input) override;
    double flops_per_sample() const override { return static_cast<double>(grid_.size()); }

protected:
    GlobalPooling(std::size_t axes, Options options) : axes_(axes), options_(options) {}

    static Options options_from(const Config& keys);
    static std::vector<TypeHelp::Key> keys_help();
    const Grid& grid() const { return grid_; }

private:
    std::size_t axes_;
    Options options_;
    Grid grid_;
};

/// The largest number of each channel; of several the first, to which the gradient goes. A NaN comes out.
template <std::size_t Axes>
class GlobalMaxPooling final : public GlobalPooling {
public:
    using GlobalPooling::Options;

    explicit GlobalMaxPooling(Options options) : GlobalPooling(Axes, options) {}

    static const TypeHelp& help();
    static std::unique_ptr<Layer> from_config(const Config& keys);

    std::string_view type() const override;
    std::size_t saved_floats_per_sample() const override { return grid().channels; }
    void forward(const LayerPass& pass, ConstMatrix x, Matrix y) override;
    void backward(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                  std::span<const std::span<float>> gradients) override;
};

/// The mean of each channel.
template <std::size_t Axes>
class GlobalAveragePooling final : public GlobalPooling {
public:
    using GlobalPooling::Options;

    explicit GlobalAveragePooling(Options options) : GlobalPooling(Axes, options) {}

    static const TypeHelp& help();
    static std::unique_ptr<Layer> from_config(const Config& keys);

    std::string_view type() const override;
    void forward(const LayerPass& pass, ConstMatrix x, Matrix y) override;
    void backward(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                  std::span<const std::span<float>> gradients) override;
};

using GlobalMaxPooling1D = GlobalMaxPooling<1>;
using GlobalMaxPooling2D = GlobalMaxPooling<2>;
using GlobalMaxPooling3D = GlobalMaxPooling<3>;
using GlobalAveragePooling1D = GlobalAveragePooling<1>;
using GlobalAveragePooling2D = GlobalAveragePooling<2>;
using GlobalAveragePooling3D = GlobalAveragePooling<3>;

}  // namespace lockstep
