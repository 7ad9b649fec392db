#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/layer.h>

namespace lockstep {

/// All axes of a sample as one: [28, 28, 1] -> [784]. Copies nothing: the output is the input's memory.
class Flatten final : public Layer {
public:
    static const TypeHelp& help();
    static std::unique_ptr<Layer> from_config(const Config& keys);

    std::string_view type() const override { return "flatten"; }
    Config config() const override { return Config::table(); }
    Shape build(const Shape& input) override { return {input.size()}; }
    bool is_view() const override { return true; }
    void forward(const LayerPass& pass, ConstMatrix x, Matrix y) override;
    void backward(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                  std::span<const std::span<float>> gradients) override;
};

}  // namespace lockstep
