#pragma once

#include <string>
#include <vector>

#include <lockstep/core/registry.h>
#include <lockstep/nn/layers/windows.h>
#include <lockstep/nn/shard_layer.h>

namespace lockstep {

/// What layers share that make one number of each window and channel.
///
/// Shapes: x [rows, places..., channels], y [rows, windows..., channels], with one to three spatial axes.
/// The padding of "same" has no places: a window at the edge sees fewer of them.
class Pooling : public ShardLayer {
public:
    struct Options {
        AxisSizes pool_size = {2};      // places of a window
        AxisSizes strides = {};         // from window to window; empty: pool_size
        std::string padding = "valid";  // or "same"
    };

    Config config() const override;
    /// Throws ShapeError unless the input has the layer's number of axes and is as large as a window.
    Shape build(const Shape& input) override;
    double flops_per_sample() const override;

protected:
    /// Throws ConfigError if a list has not one entry, or one per axis, each at least 1, or if there is no
    /// such padding.
    Pooling(std::size_t axes, Options options);

    static Options options_from(const Config& keys);
    static std::vector<TypeHelp::Key> keys_help();
    const Windows& windows() const { return windows_; }

private:
    std::size_t axes_;
    Options options_;
    Padding padding_;
    Windows windows_;
};

}  // namespace lockstep
