#pragma once

#include <string_view>

#include <lockstep/math/kernels.h>
#include <lockstep/nn/activation.h>

namespace lockstep {

/// A function of each element by itself, by kernels of its own.
class ElementwiseActivation final : public Activation {
public:
    using Forward = void (*)(std::span<const float> x, std::span<float> y);
    using Gradient = void (*)(std::span<const float> y, std::span<const float> dy, std::span<float> dx);

    ElementwiseActivation(std::string_view type, Forward forward, Gradient gradient)
        : type_(type), forward_(forward), gradient_(gradient) {}

    std::string_view type() const override { return type_; }
    void apply(Matrix values) const override { forward_(values.values(), values.values()); }
    void apply_gradient(ConstMatrix /*x*/, ConstMatrix y, Matrix gradient) const override {
        gradient_(y.values(), gradient.values(), gradient.values());
    }

private:
    std::string_view type_;  // a literal
    Forward forward_;
    Gradient gradient_;
};

/// One of math::Function.
class FunctionActivation final : public Activation {
public:
    FunctionActivation(std::string_view type, math::Function function, float parameter)
        : type_(type), function_(function), parameter_(parameter) {}

    std::string_view type() const override { return type_; }
    bool needs_input() const override { return math::slope_needs_input(function_); }
    void apply(Matrix values) const override {
        math::apply(function_, parameter_, values.values(), values.values());
    }
    void apply_gradient(ConstMatrix x, ConstMatrix y, Matrix gradient) const override {
        math::apply_gradient(function_, parameter_, needs_input() ? x.values() : y.values(),
                             gradient.values(), gradient.values());
    }

private:
    std::string_view type_;  // a literal
    math::Function function_;
    float parameter_;
};

}  // namespace lockstep
