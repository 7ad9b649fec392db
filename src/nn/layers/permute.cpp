#include <algorithm>

#include <lockstep/core/construct.h>
#include <lockstep/core/error.h>
#include <lockstep/nn/layers/permute.h>

#include "../option_check.h"

namespace lockstep {
namespace {

using Sizes = std::span<const std::size_t>;

/// Walks through the output in order; visit(output, input, count, stride) gets one line of its last axis.
/// Returns where the output goes on.
template <typename Visit>
std::size_t walk(Sizes extents, Sizes strides, std::size_t output, std::size_t input, const Visit& visit) {
    if (extents.size() == 1) {
        visit(output, input, extents[0], strides[0]);
        return output + extents[0];
    }
    for (std::size_t i = 0; i < extents[0]; ++i)
        output = walk(extents.subspan(1), strides.subspan(1), output, input + i * strides[0], visit);
    return output;
}

bool is_permutation(const std::vector<std::size_t>& dims) {
    std::vector<std::size_t> sorted = dims;
    std::ranges::sort(sorted);
    for (std::size_t i = 0; i < sorted.size(); ++i)
        if (sorted[i] != i + 1) return false;
    return !dims.empty();
}

}  // namespace

Permute::Permute(Options options) : options_(std::move(options)) {
    check_option(is_permutation(options_.dims), "dims", "each of 1, 2, ... up to the number of axes once",
                 Shape(options_.dims).to_string());
}

Config Permute::config() const {
    return Config::table(
        {{"dims", Config::array(std::vector<Config>(options_.dims.begin(), options_.dims.end()))}});
}

Shape Permute::build(const Shape& input) {
    if (input.rank() != options_.dims.size())
        throw ShapeError("expected inputs of " + std::to_string(options_.dims.size()) +
                         " axes, as many as dims has entries, got " + input.to_string());
    extents_.clear();
    strides_.clear();
    for (const std::size_t dim : options_.dims) {
        extents_.push_back(input[dim - 1]);
        strides_.push_back(
            Shape({input.extents().begin() + static_cast<std::ptrdiff_t>(dim), input.extents().end()})
                .size());
    }
    return Shape(extents_);
}

void Permute::forward(const LayerPass& /*pass*/, ConstMatrix x, Matrix y) {
    for (std::size_t row = 0; row < x.rows(); ++row) {
        const float* const from = x.row(row).data();
        float* const to = y.row(row).data();
        walk(extents_, strides_, 0, 0,
             [=](std::size_t out, std::size_t in, std::size_t count, std::size_t step) {
                 for (std::size_t i = 0; i < count; ++i) to[out + i] = from[in + i * step];
             });
    }
}

void Permute::backward(const LayerPass& /*pass*/, ConstMatrix x, ConstMatrix /*y*/, Matrix dy, Matrix dx,
                       std::span<const std::span<float>> /*gradients*/) {
    if (dx.empty()) return;
    for (std::size_t row = 0; row < x.rows(); ++row) {
        const float* const from = dy.row(row).data();
        float* const to = dx.row(row).data();
        walk(extents_, strides_, 0, 0,
             [=](std::size_t out, std::size_t in, std::size_t count, std::size_t step) {
                 for (std::size_t i = 0; i < count; ++i) to[in + i * step] = from[out + i];
             });
    }
}

const TypeHelp& Permute::help() {
    static const TypeHelp help{.summary = "the axes of a sample in another order",
                               .keys = {{"dims", "required", "list of axes of the input, counted from 1"}}};
    return help;
}

std::unique_ptr<Layer> Permute::from_config(const Config& keys) {
    return construct_from<Permute>(keys, {.dims = keys.get<std::vector<std::size_t>>("dims")});
}

}  // namespace lockstep
