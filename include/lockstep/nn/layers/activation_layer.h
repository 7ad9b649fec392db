#pragma once

#include <string>

#include <lockstep/core/registry.h>
#include <lockstep/nn/shard_layer.h>

namespace lockstep {

/// An activation as a layer of its own: y = f(x), of the shape of x. Softmax runs over the last
/// axis.
class ActivationLayer final : public ShardLayer {
public:
    struct Options {
        std::string activation = "linear";
    };

    /// Throws ConfigError if there is no activation of that name.
    explicit ActivationLayer(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Layer> from_config(const Config& keys);

    /// {type = "relu"}, short for {type = "activation", activation = "relu"}.
    static std::unique_ptr<ActivationLayer> shorthand(const std::string& activation);

    std::string_view type() const override { return type_; }
    Config config() const override;
    Shape build(const Shape& input) override;
    bool is_view() const override { return options_.activation == "linear"; }
    void forward(const LayerPass& pass, ConstMatrix x, Matrix y) override;
    void backward(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                  std::span<const std::span<float>> gradients) override;
    std::unique_ptr<Activation> release_activation() override;

private:
    template <typename T>
    MatrixView<T> by_last_axis(MatrixView<T> values) const {
        return {values.data(), values.size() / last_axis_, last_axis_};
    }

    std::string type_ = "activation";
    Options options_;
    std::size_t last_axis_ = 1;
    bool is_on_axis_ = false;                 // there are others
    std::unique_ptr<Activation> activation_;  // null: linear, or released
};

}  // namespace lockstep
