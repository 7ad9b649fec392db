#include <algorithm>

#include <lockstep/core/error.h>
#include <lockstep/math/blas.h>
#include <lockstep/math/kernels.h>
#include <lockstep/nn/dense.h>

#include "option_check.h"

namespace lockstep {
namespace {

using math::Transpose;

/// Rows of one product: few enough that bias and activation find them in the cache, but so many
/// that packing the kernel again for each block does not count.
std::size_t rows_per_block(std::size_t units) {
    constexpr std::size_t kFloatsInCache = 128 * 1024;
    constexpr std::size_t kFewestRows = 256;
    return std::max(kFewestRows, kFloatsInCache / units);
}

}  // namespace

Dense::Dense(Options options)
    : options_(std::move(options)),
      kernel_initializer_(make_initializer(options_.kernel_initializer)),
      bias_initializer_(make_initializer(options_.bias_initializer)),
      activation_(make_activation(options_.activation)) {
    check_option(options_.units >= 1, "units", "at least 1", options_.units);
}

Config Dense::config() const {
    return Config::table({{"units", options_.units},
                          {"activation", options_.activation},
                          {"use_bias", options_.use_bias},
                          {"kernel_initializer", options_.kernel_initializer},
                          {"bias_initializer", options_.bias_initializer}});
}

Shape Dense::build(const Shape& input) {
    if (input.rank() != 1)
        throw ShapeError("expected inputs of one axis, got " + input.to_string() +
                         "; put a flatten layer before it");
    inputs_ = input.size();
    return {options_.units};
}

std::vector<WeightSpec> Dense::weights() const {
    std::vector<WeightSpec> specs{{"kernel", {inputs_, options_.units}, kernel_initializer_}};
    if (options_.use_bias) specs.push_back({"bias", {options_.units}, bias_initializer_});
    return specs;
}

double Dense::flops_per_sample() const {
    const auto outputs = static_cast<double>(options_.units);
    return 2.0 * static_cast<double>(inputs_) * outputs + (options_.use_bias ? outputs : 0.0);
}

void Dense::forward(const LayerPass& pass, ConstMatrix x, Matrix y) {
    const std::size_t units = options_.units;
    const std::size_t block = rows_per_block(units);
    for (std::size_t first = 0; first < x.rows(); first += block) {
        const std::size_t rows = std::min(block, x.rows() - first);
        const Matrix part = y.rows(first, rows);
        math::gemm(Transpose::no, Transpose::no, rows, units, inputs_, 1.0F, x.rows(first, rows).data(),
                   inputs_, pass.weights[0].data(), units, 0.0F, part.data(), units);
        if (options_.use_bias) math::add_bias(pass.weights[1], rows, part.values());
        if (activation_) activation_->apply(part);
    }
}

void Dense::backward(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                     std::span<const std::span<float>> gradients) {
    const std::size_t units = options_.units;
    const std::size_t rows = x.rows();
    if (activation_) activation_->apply_gradient(y, dy);
    math::gemm(Transpose::yes, Transpose::no, inputs_, units, rows, 1.0F, x.data(), inputs_, dy.data(), units,
               0.0F, gradients[0].data(), units);
    if (options_.use_bias) math::sum_rows(dy.values(), rows, gradients[1]);
    if (dx.empty()) return;
    math::gemm(Transpose::no, Transpose::yes, rows, inputs_, units, 1.0F, dy.data(), units,
               pass.weights[0].data(), units, 0.0F, dx.data(), inputs_);
}

}  // namespace lockstep
