#include <algorithm>

#include <lockstep/core/error.h>
#include <lockstep/math/blas.h>
#include <lockstep/math/kernels.h>
#include <lockstep/nn/layers/recurrent.h>

#include "../option_check.h"
#include "grow.h"

namespace lockstep {

using math::Transpose;

Recurrent::Recurrent(const Cell& cell, const Settings& settings)
    : cell_(cell),
      settings_(settings),
      kernel_("kernel", settings.kernel),
      recurrent_("recurrent", settings.recurrent),
      bias_("bias", settings.bias) {
    check_option(settings.units >= 1, "units", "at least 1", settings.units);
}

Config Recurrent::settings_config() const {
    Config keys = Config::table({{"units", settings_.units},
                                 {"use_bias", settings_.use_bias},
                                 {"return_sequences", settings_.return_sequences},
                                 {"go_backwards", settings_.go_backwards}});
    kernel_.add_to(keys);
    recurrent_.add_to(keys);
    bias_.add_to(keys);
    return keys;
}

Shape Recurrent::build(const Shape& input) {
    if (input.rank() != 2 || input.size() == 0)
        throw ShapeError("expected inputs [time, features], got " + input.to_string());
    times_ = input[0];
    features_ = input[1];
    return settings_.return_sequences ? Shape{times_, units()} : Shape{units()};
}

std::vector<WeightSpec> Recurrent::weights() const {
    const std::size_t width = gate_units();
    std::vector<WeightSpec> specs{kernel_.spec("kernel", {features_, width}),
                                  recurrent_.spec("recurrent_kernel", {units(), width})};
    if (settings_.use_bias)
        specs.push_back(bias_.spec("bias", cell_.has_recurrent_bias ? Shape{2, width} : Shape{width}));
    return specs;
}

/// The gates of all steps, then what the cell keeps and h, these two from before the first step on.
std::size_t Recurrent::saved_floats_per_sample() const {
    return times_ * gate_units() + (times_ + 1) * (kept_units() + units());
}

std::size_t Recurrent::scratch_floats_per_sample() const {
    return times_ * features_ + 2 * units();
}

void Recurrent::reserve(std::size_t rows) {
    grow(inputs_, rows * times_ * features_);
    grow(dh_, rows * units());
    grow(carry_, rows * units());
}

double Recurrent::flops_per_sample() const {
    return 2.0 * static_cast<double>(times_ * gate_units() * (features_ + units()));
}

Recurrent::Step Recurrent::step_at(const LayerPass& pass, std::size_t rows, std::size_t time) {
    float* const gates = pass.saved.data();
    float* const kept = gates + times_ * rows * gate_units();
    float* const h = kept + (times_ + 1) * rows * kept_units();
    const bool has_recurrent_bias = settings_.use_bias && cell_.has_recurrent_bias;
    return {
        .rows = rows,
        .recurrent_kernel = pass.weights[1],
        .recurrent_bias = has_recurrent_bias ? pass.weights[2].last(gate_units()) : std::span<const float>(),
        .gates = gates + time * rows * gate_units(),
        .kept = kept + (time + 1) * rows * kept_units(),
        .kept_before = kept + time * rows * kept_units(),
        .h = h + (time + 1) * rows * units(),
        .h_before = h + time * rows * units(),
        .dh = dh_.data(),
        .carry = carry_.data()};
}

void Recurrent::multiply_state(const Step& step, float beta, float* to) const {
    math::gemm(Transpose::no, Transpose::no, step.rows, gate_units(), units(), 1.0F, step.h_before, units(),
               step.recurrent_kernel.data(), gate_units(), beta, to, gate_units());
}

void Recurrent::multiply_gradient(const Step& step, const float* d, float beta) const {
    math::gemm(Transpose::no, Transpose::yes, step.rows, units(), gate_units(), 1.0F, d, gate_units(),
               step.recurrent_kernel.data(), gate_units(), beta, step.dh, units());
}

std::size_t Recurrent::input_time(std::size_t step) const {
    return settings_.go_backwards ? times_ - 1 - step : step;
}

void Recurrent::gather(ConstMatrix x) {
    float* to = inputs_.data();
    for (std::size_t step = 0; step < times_; ++step)
        for (std::size_t row = 0; row < x.rows(); ++row, to += features_)
            std::copy_n(x.row(row).data() + input_time(step) * features_, features_, to);
}

void Recurrent::scatter(Matrix dx) const {
    const float* from = inputs_.data();
    for (std::size_t step = 0; step < times_; ++step)
        for (std::size_t row = 0; row < dx.rows(); ++row, from += features_)
            std::copy_n(from, features_, dx.row(row).data() + input_time(step) * features_);
}

void Recurrent::write_outputs(const LayerPass& pass, Matrix y) {
    const std::size_t first = settings_.return_sequences ? 0 : times_ - 1;
    for (std::size_t time = first; time < times_; ++time) {
        const float* const h = step_at(pass, y.rows(), time).h;
        for (std::size_t row = 0; row < y.rows(); ++row)
            std::copy_n(h + row * units(), units(), y.row(row).data() + (time - first) * units());
    }
}

void Recurrent::forward(const LayerPass& pass, ConstMatrix x, Matrix y) {
    const std::size_t rows = x.rows();
    const Step first = step_at(pass, rows, 0);
    gather(x);
    math::gemm(Transpose::no, Transpose::no, times_ * rows, gate_units(), features_, 1.0F, inputs_.data(),
               features_, pass.weights[0].data(), gate_units(), 0.0F, first.gates, gate_units());
    if (settings_.use_bias)
        math::add_bias(pass.weights[2].first(gate_units()), times_ * rows,
                       {first.gates, times_ * rows * gate_units()});
    std::fill_n(first.kept - rows * kept_units(), rows * kept_units(), 0.0F);
    std::fill_n(first.h - rows * units(), rows * units(), 0.0F);
    for (std::size_t time = 0; time < times_; ++time) forward_step(step_at(pass, rows, time));
    write_outputs(pass, y);
}

/// dL/dh of a step: what came from the step after, and what came from y.
void Recurrent::add_output_gradient(ConstMatrix dy, std::size_t time) {
    if (!settings_.return_sequences && time + 1 < times_) return;
    const std::size_t offset = settings_.return_sequences ? time * units() : 0;
    for (std::size_t row = 0; row < dy.rows(); ++row) {
        const std::span<float> sum = dh_.span().subspan(row * units(), units());
        math::add(sum, dy.row(row).subspan(offset, units()), sum);
    }
}

void Recurrent::write_weight_gradients(const Step& first, std::span<const std::span<float>> gradients) const {
    const std::size_t width = gate_units(), all = times_ * first.rows;
    const float* const recurrent = cell_.has_recurrent_bias ? first.kept : first.gates;
    math::gemm(Transpose::yes, Transpose::no, features_, width, all, 1.0F, inputs_.data(), features_,
               first.gates, width, 0.0F, gradients[0].data(), width);
    math::gemm(Transpose::yes, Transpose::no, units(), width, all, 1.0F, first.h_before, units(), recurrent,
               width, 0.0F, gradients[1].data(), width);
    if (!settings_.use_bias) return;
    math::sum_rows({first.gates, all * width}, all, gradients[2].first(width));
    if (cell_.has_recurrent_bias) math::sum_rows({recurrent, all * width}, all, gradients[2].last(width));
}

void Recurrent::backward(const LayerPass& pass, ConstMatrix x, ConstMatrix /*y*/, Matrix dy, Matrix dx,
                         std::span<const std::span<float>> gradients) {
    const std::size_t rows = x.rows();
    std::ranges::fill(dh_.span(), 0.0F);
    std::ranges::fill(carry_.span(), 0.0F);
    for (std::size_t time = times_; time-- > 0;) {
        add_output_gradient(dy, time);
        backward_step(step_at(pass, rows, time));
    }
    const Step first = step_at(pass, rows, 0);
    gather(x);
    write_weight_gradients(first, gradients);
    if (dx.empty()) return;
    math::gemm(Transpose::no, Transpose::yes, times_ * rows, features_, gate_units(), 1.0F, first.gates,
               gate_units(), pass.weights[0].data(), gate_units(), 0.0F, inputs_.data(), features_);
    scatter(dx);
}

}  // namespace lockstep
