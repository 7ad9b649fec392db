#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <lockstep/core/config.h>
#include <lockstep/core/shape.h>
#include <lockstep/nn/layer.h>
#include <lockstep/nn/layer_list.h>
#include <lockstep/nn/parameter_layout.h>

namespace lockstep {

/// Layers, one after the other. It owns the layers, not the weights.
///
///     Sequential model({28, 28, 1});
///     model.add<Flatten>();
///     model.add<Dense>({.units = 10, .activation = "softmax"});
///     model.build();
class Sequential {
public:
    using Entry = NamedLayer;

    /// `input` is the shape of one sample. Throws ShapeError if an extent is 0.
    explicit Sequential(Shape input);

    /// A model from the [model] table of a job file or from config(). Throws ConfigError naming the line.
    static Sequential from_config(const Config& config);
    /// What from_config() needs to make the same model: { input = [...], layers = [...] }.
    Config config() const;

    /// `name` defaults to the layer's type, with _1, _2, ... for the next ones. Throws ConfigError if it is
    /// taken or has other characters than [A-Za-z0-9_.-], or if the model is built.
    Sequential& add(std::unique_ptr<Layer> layer, std::string name = "");

    template <typename L>
    Sequential& add(typename L::Options options, std::string name = "") {
        return add(std::make_unique<L>(std::move(options)), std::move(name));
    }
    template <typename L>
    Sequential& add() {
        return add(std::make_unique<L>());
    }

    /// Works out shapes and the places of the weights. The activation of the last layer becomes the model's
    /// output_activation(). Throws ShapeError naming the layer. A second call does nothing.
    void build();
    bool is_built() const { return built_; }

    const Shape& input_shape() const { return input_; }
    const Shape& output_shape() const;
    std::span<const Entry> layers() const { return layers_.entries(); }
    /// Null if linear. Owned by the model.
    const Activation* output_activation() const { return output_activation_.get(); }
    const ParameterLayout& parameters() const { return layout_; }

    /// Fills `store` [parameters().size] with initial weights, a function of `seed` alone.
    void initialize(std::span<float> store, std::uint64_t seed) const;

    /// Whether a layer has statistics of each shard.
    bool has_shard_statistics() const { return layers_.has_shard_statistics(); }
    /// The most numbers that a layer sums over the whole batch; 0: no layer does.
    std::size_t batch_sums() const { return layers_.batch_sums(); }

    /// Multiplications and additions of one forward pass of one sample.
    double flops_per_sample() const { return layers_.flops_per_sample(); }
    /// The same of forward and backward pass together.
    double training_flops_per_sample() const;

    /// Keras' table: layer (type), output shape, parameters and operations; layers inside others are
    /// indented.
    std::string summary() const;

private:
    Shape input_;
    LayerList layers_;
    std::unique_ptr<Activation> output_activation_;
    ParameterLayout layout_;
    bool built_ = false;
};

}  // namespace lockstep
