#pragma once

#include <memory>
#include <span>
#include <string_view>

#include <lockstep/nn/activation.h>

namespace lockstep {

/// The activation at the end of a layer, in place. Where its gradient needs what went in, a copy of that lies
/// in the memory that the layer keeps from forward to backward.
class LayerActivation {
public:
    /// Throws ConfigError if there is no activation of that name.
    explicit LayerActivation(std::string_view type) : activation_(make_activation(type)) {}

    /// Floats to keep per sample of so many outputs: none, or all.
    std::size_t saved_floats(std::size_t outputs) const;

    /// y := f(y). `saved` [rows, saved_floats()] may be empty if no backward pass follows.
    void apply(Matrix y, std::span<float> saved) const;

    /// dy (dL/dy) := dL/dx.
    void apply_gradient(ConstMatrix y, std::span<const float> saved, Matrix dy) const;

    /// See Layer::release_activation(). One that needs its input stays with the layer.
    std::unique_ptr<Activation> release();

private:
    bool needs_input() const { return activation_ && activation_->needs_input(); }

    std::unique_ptr<Activation> activation_;  // null: linear, or released
};

}  // namespace lockstep
