#include <algorithm>

#include <lockstep/core/construct.h>
#include <lockstep/core/error.h>
#include <lockstep/math/blas.h>
#include <lockstep/math/kernels.h>
#include <lockstep/nn/layers/dense.h>

#include "../option_check.h"

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
      kernel_("kernel", options_.kernel),
      bias_("bias", options_.bias),
      activation_(options_.activation) {
    check_option(options_.units >= 1, "units", "at least 1", options_.units);
}

Config Dense::config() const {
    Config keys = Config::table(
        {{"units", options_.units}, {"activation", options_.activation}, {"use_bias", options_.use_bias}});
    kernel_.add_to(keys);
    bias_.add_to(keys);
    return keys;
}

Shape Dense::build(const Shape& input) {
    if (input.rank() == 0) throw ShapeError("expected inputs of at least one axis, got " + input.to_string());
    std::vector<std::size_t> extents(input.extents().begin(), input.extents().end());
    inputs_ = extents.back();
    positions_ = input.size() / inputs_;
    extents.back() = options_.units;
    return Shape(extents);
}

std::vector<WeightSpec> Dense::weights() const {
    std::vector<WeightSpec> specs{kernel_.spec("kernel", {inputs_, options_.units})};
    if (options_.use_bias) specs.push_back(bias_.spec("bias", {options_.units}));
    return specs;
}

std::size_t Dense::saved_floats_per_sample() const {
    return activation_.saved_floats(positions_ * options_.units);
}

double Dense::flops_per_sample() const {
    const auto outputs = static_cast<double>(positions_ * options_.units);
    return 2.0 * static_cast<double>(inputs_) * outputs + (options_.use_bias ? outputs : 0.0);
}

/// Every position of every sample is a row of the product.
void Dense::forward(const LayerPass& pass, ConstMatrix x, Matrix y) {
    const std::size_t units = options_.units, all = x.rows() * positions_;
    const std::size_t block = rows_per_block(units), saved = activation_.saved_floats(units);
    for (std::size_t first = 0; first < all; first += block) {
        const std::size_t rows = std::min(block, all - first);
        const Matrix part(y.data() + first * units, rows, units);
        math::gemm(Transpose::no, Transpose::no, rows, units, inputs_, 1.0F, x.data() + first * inputs_,
                   inputs_, pass.weights[0].data(), units, 0.0F, part.data(), units);
        if (options_.use_bias) math::add_bias(pass.weights[1], rows, part.values());
        activation_.apply(part, pass.saved.subspan(saved * first, saved * rows));
    }
}

void Dense::backward(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                     std::span<const std::span<float>> gradients) {
    const std::size_t units = options_.units, rows = x.rows() * positions_;
    activation_.apply_gradient({y.data(), rows, units}, pass.saved, {dy.data(), rows, units});
    math::gemm(Transpose::yes, Transpose::no, inputs_, units, rows, 1.0F, x.data(), inputs_, dy.data(), units,
               0.0F, gradients[0].data(), units);
    if (options_.use_bias) math::sum_rows(dy.values(), rows, gradients[1]);
    if (dx.empty()) return;
    math::gemm(Transpose::no, Transpose::yes, rows, inputs_, units, 1.0F, dy.data(), units,
               pass.weights[0].data(), units, 0.0F, dx.data(), inputs_);
}

const TypeHelp& Dense::help() {
    static const TypeHelp help{
        .summary = "fully connected: activation(x W + b), on the last axis",
        .keys = with_weight_help({{"units", "required", "number of outputs"},
                                  {"activation", "\"linear\"", "see lockstep list activations"},
                                  {"use_bias", "true", "whether there is a bias b"}},
                                 {{"kernel", "glorot_uniform", "W"}, {"bias", "zeros", "b"}})};
    return help;
}

std::unique_ptr<Layer> Dense::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<Dense>(keys, {.units = keys.get<std::size_t>("units"),
                                        .activation = keys.get("activation", defaults.activation),
                                        .use_bias = keys.get("use_bias", defaults.use_bias),
                                        .kernel = read_weight_options(keys, "kernel", defaults.kernel),
                                        .bias = read_weight_options(keys, "bias", defaults.bias)});
}

}  // namespace lockstep
