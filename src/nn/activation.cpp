#include <string>

#include <lockstep/math/kernels.h>
#include <lockstep/nn/activation.h>

#include "unknown_name.h"

namespace lockstep {
namespace {

/// A function of each element by itself.
class ElementwiseActivation final : public Activation {
public:
    using Function = void (*)(std::span<const float> x, std::span<float> y);
    using Gradient = void (*)(std::span<const float> y, std::span<const float> dy, std::span<float> dx);

    ElementwiseActivation(std::string_view type, Function function, Gradient gradient)
        : type_(type), function_(function), gradient_(gradient) {}

    std::string_view type() const override { return type_; }
    void apply(Matrix values) const override { function_(values.values(), values.values()); }
    void apply_gradient(ConstMatrix /*x*/, ConstMatrix y, Matrix gradient) const override {
        gradient_(y.values(), gradient.values(), gradient.values());
    }

private:
    std::string_view type_;  // a literal
    Function function_;
    Gradient gradient_;
};

class Softmax final : public Activation {
public:
    std::string_view type() const override { return "softmax"; }
    void apply(Matrix values) const override {
        math::softmax(values.values(), values.rows(), values.values());
    }
    void apply_gradient(ConstMatrix /*x*/, ConstMatrix y, Matrix gradient) const override {
        math::softmax_backward(y.values(), gradient.values(), y.rows(), gradient.values());
    }
};

}  // namespace

std::vector<std::string> activation_types() {
    return {"linear", "relu", "sigmoid", "softmax", "tanh"};
}

std::unique_ptr<Activation> make_activation(std::string_view type) {
    if (type == "linear") return nullptr;
    if (type == "relu")
        return std::make_unique<ElementwiseActivation>("relu", math::relu, math::relu_backward);
    if (type == "sigmoid")
        return std::make_unique<ElementwiseActivation>("sigmoid", math::sigmoid, math::sigmoid_backward);
    if (type == "tanh")
        return std::make_unique<ElementwiseActivation>("tanh", math::tanh, math::tanh_backward);
    if (type == "softmax") return std::make_unique<Softmax>();
    throw_unknown_name("activation", type, activation_types());
}

}  // namespace lockstep
