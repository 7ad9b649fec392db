#include <algorithm>
#include <cmath>

#include <lockstep/core/construct.h>
#include <lockstep/core/error.h>
#include <lockstep/math/blas.h>
#include <lockstep/math/kernels.h>
#include <lockstep/nn/layers/multi_head_attention.h>

#include "../option_check.h"

namespace lockstep {

using math::Transpose;

MultiHeadAttention::MultiHeadAttention(Options options)
    : options_(std::move(options)), kernel_("kernel", options_.kernel), bias_("bias", options_.bias) {
    check_option(options_.num_heads >= 1, "num_heads", "at least 1", options_.num_heads);
    check_option(options_.key_dim >= 1, "key_dim", "at least 1", options_.key_dim);
}

Config MultiHeadAttention::config() const {
    Config keys = Config::table({{"num_heads", options_.num_heads},
                                 {"key_dim", options_.key_dim},
                                 {"use_bias", options_.use_bias},
                                 {"causal", options_.causal}});
    kernel_.add_to(keys);
    bias_.add_to(keys);
    return keys;
}

Shape MultiHeadAttention::build(const Shape& input) {
    if (input.rank() != 2 || input.size() == 0)
        throw ShapeError("expected inputs [time, features], got " + input.to_string());
    times_ = input[0];
    features_ = input[1];
    attention_gradient_ = AlignedBuffer<float>(times_ * times_);
    query_gradient_ = AlignedBuffer<float>(times_ * options_.key_dim);
    return input;
}

std::vector<WeightSpec> MultiHeadAttention::weights() const {
    const std::size_t heads = options_.num_heads, size = options_.key_dim;
    std::vector<WeightSpec> specs;
    const auto add = [&](const std::string& name, const Shape& kernel, const Shape& bias) {
        specs.push_back(kernel_.spec(name + "_kernel", kernel));
        if (options_.use_bias) specs.push_back(bias_.spec(name + "_bias", bias));
    };
    for (const char* name : {"query", "key", "value"}) add(name, {features_, heads, size}, {heads, size});
    add("output", {heads, size, features_}, {features_});
    return specs;
}

std::size_t MultiHeadAttention::saved_floats_per_sample() const {
    return 4 * times_ * width() + options_.num_heads * times_ * times_;
}

double MultiHeadAttention::flops_per_sample() const {
    return static_cast<double>(times_ * width()) * static_cast<double>(8 * features_ + 4 * times_);
}

float MultiHeadAttention::scale() const {
    return 1.0F / std::sqrt(static_cast<float>(options_.key_dim));
}

/// [rows * time, width()]
float* MultiHeadAttention::part(const LayerPass& pass, std::size_t rows, Projection which) const {
    return pass.saved.data() + which * rows * times_ * width();
}

MultiHeadAttention::Head MultiHeadAttention::head_at(const LayerPass& pass, std::size_t rows, std::size_t row,
                                                     std::size_t head) const {
    const std::size_t offset = row * times_ * width() + head * options_.key_dim;
    float* const attention = pass.saved.data() + 4 * rows * times_ * width();
    return {.queries = part(pass, rows, query) + offset,
            .keys = part(pass, rows, key) + offset,
            .values = part(pass, rows, value) + offset,
            .outputs = part(pass, rows, output) + offset,
            .attention = attention + (row * options_.num_heads + head) * times_ * times_};
}

void MultiHeadAttention::project(const LayerPass& pass, Projection which, std::size_t rows, const float* from,
                                 float* to) const {
    const std::size_t inputs = which == output ? width() : features_;
    const std::size_t outputs = which == output ? features_ : width();
    math::gemm(Transpose::no, Transpose::no, rows, outputs, inputs, 1.0F, from, inputs,
               pass.weights[kernel_index(which)].data(), outputs, 0.0F, to, outputs);
    if (options_.use_bias) math::add_bias(pass.weights[kernel_index(which) + 1], rows, {to, rows * outputs});
}

/// `d`: the gradient of what project() wrote.
void MultiHeadAttention::write_gradients(Projection which, std::size_t rows, const float* from,
                                         const float* d, std::span<const std::span<float>> gradients) const {
    const std::size_t inputs = which == output ? width() : features_;
    const std::size_t outputs = which == output ? features_ : width();
    math::gemm(Transpose::yes, Transpose::no, inputs, outputs, rows, 1.0F, from, inputs, d, outputs, 0.0F,
               gradients[kernel_index(which)].data(), outputs);
    if (options_.use_bias) math::sum_rows({d, rows * outputs}, rows, gradients[kernel_index(which) + 1]);
}

/// dx = d W^T + beta dx
void MultiHeadAttention::add_dx(const LayerPass& pass, Projection which, std::size_t rows, float beta,
                                const float* d, float* dx) const {
    const std::size_t inputs = which == output ? width() : features_;
    const std::size_t outputs = which == output ? features_ : width();
    math::gemm(Transpose::no, Transpose::yes, rows, inputs, outputs, 1.0F, d, outputs,
               pass.weights[kernel_index(which)].data(), outputs, beta, dx, inputs);
}

void MultiHeadAttention::attend(const Head& head) const {
    constexpr float kUnseen = -1e30F;  // its exponential is 0
    const std::size_t times = times_, size = options_.key_dim;
    math::gemm(Transpose::no, Transpose::yes, times, times, size, scale(), head.queries, width(), head.keys,
               width(), 0.0F, head.attention, times);
    if (options_.causal)
        for (std::size_t t = 0; t < times; ++t)
            std::fill_n(head.attention + t * times + t + 1, times - t - 1, kUnseen);
    const std::span<float> attention(head.attention, times * times);
    math::softmax(attention, times, attention);
    math::gemm(Transpose::no, Transpose::no, times, size, times, 1.0F, head.attention, times, head.values,
               width(), 0.0F, head.outputs, width());
}

/// From the gradient of the outputs, which lies in their place, to those of queries, keys and values, which
/// are overwritten with them. What is unseen has attention 0, so its scores get the gradient 0.
void MultiHeadAttention::attend_backward(const Head& head) {
    const std::size_t times = times_, size = options_.key_dim;
    float* const scores = attention_gradient_.data();
    math::gemm(Transpose::no, Transpose::yes, times, times, size, 1.0F, head.outputs, width(), head.values,
               width(), 0.0F, scores, times);
    math::gemm(Transpose::yes, Transpose::no, times, size, times, 1.0F, head.attention, times, head.outputs,
               width(), 0.0F, head.values, width());
    math::softmax_backward({head.attention, times * times}, attention_gradient_.span(), times,
                           attention_gradient_.span());
    math::gemm(Transpose::no, Transpose::no, times, size, times, scale(), scores, times, head.keys, width(),
               0.0F, query_gradient_.data(), size);
    math::gemm(Transpose::yes, Transpose::no, times, size, times, scale(), scores, times, head.queries,
               width(), 0.0F, head.keys, width());
    for (std::size_t t = 0; t < times; ++t)
        std::copy_n(query_gradient_.data() + t * size, size, head.queries + t * width());
}

void MultiHeadAttention::forward(const LayerPass& pass, ConstMatrix x, Matrix y) {
    const std::size_t rows = x.rows(), all = rows * times_;
    for (const Projection which : {query, key, value})
        project(pass, which, all, x.data(), part(pass, rows, which));
    for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t head = 0; head < options_.num_heads; ++head) attend(head_at(pass, rows, row, head));
    project(pass, output, all, part(pass, rows, output), y.data());
}

void MultiHeadAttention::backward(const LayerPass& pass, ConstMatrix x, ConstMatrix /*y*/, Matrix dy,
                                  Matrix dx, std::span<const std::span<float>> gradients) {
    const std::size_t rows = x.rows(), all = rows * times_;
    float* const outputs = part(pass, rows, output);
    write_gradients(output, all, outputs, dy.data(), gradients);
    add_dx(pass, output, all, 0.0F, dy.data(), outputs);
    for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t head = 0; head < options_.num_heads; ++head)
            attend_backward(head_at(pass, rows, row, head));
    for (const Projection which : {query, key, value}) {
        const float* const d = part(pass, rows, which);
        write_gradients(which, all, x.data(), d, gradients);
        if (!dx.empty()) add_dx(pass, which, all, which == query ? 0.0F : 1.0F, d, dx.data());
    }
}

const TypeHelp& MultiHeadAttention::help() {
    static const TypeHelp help{
        .summary = "self-attention with several heads, over [time, features]",
        .keys =
            with_weight_help({{"num_heads", "required", "number of heads"},
                              {"key_dim", "required", "size of a head's queries, keys and values"},
                              {"use_bias", "true", "whether there are biases"},
                              {"causal", "false", "whether a time sees only itself and those before it"}},
                             {{"kernel", "glorot_uniform", "each kernel"}, {"bias", "zeros", "each bias"}})};
    return help;
}

std::unique_ptr<Layer> MultiHeadAttention::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<MultiHeadAttention>(keys,
                                              {.num_heads = keys.get<std::size_t>("num_heads"),
                                               .key_dim = keys.get<std::size_t>("key_dim"),
                                               .use_bias = keys.get("use_bias", defaults.use_bias),
                                               .causal = keys.get("causal", defaults.causal),
                                               .kernel = read_weight_options(keys, "kernel", defaults.kernel),
                                               .bias = read_weight_options(keys, "bias", defaults.bias)});
}

}  // namespace lockstep
