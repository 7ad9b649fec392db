#pragma once

#include <lockstep/math/kernels.h>
#include <lockstep/nn/activation.h>

namespace lockstep {

/// exp(x) / sum(exp(x)), over each row.
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

/// log(softmax(x)), over each row.
class LogSoftmax final : public Activation {
public:
    std::string_view type() const override { return "log_softmax"; }
    void apply(Matrix values) const override {
        math::log_softmax(values.values(), values.rows(), values.values());
    }
    void apply_gradient(ConstMatrix /*x*/, ConstMatrix y, Matrix gradient) const override {
        math::log_softmax_backward(y.values(), gradient.values(), y.rows(), gradient.values());
    }
};

/// softmax(-x), over each row.
class Softmin final : public Activation {
public:
    std::string_view type() const override { return "softmin"; }
    void apply(Matrix values) const override {
        math::scale(values.values(), -1.0F, values.values());
        math::softmax(values.values(), values.rows(), values.values());
    }
    void apply_gradient(ConstMatrix /*x*/, ConstMatrix y, Matrix gradient) const override {
        math::softmax_backward(y.values(), gradient.values(), y.rows(), gradient.values());
        math::scale(gradient.values(), -1.0F, gradient.values());
    }
};

}  // namespace lockstep
