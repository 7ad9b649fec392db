#include <algorithm>
#include <string>

#include <lockstep/core/construct.h>
#include <lockstep/core/error.h>
#include <lockstep/nn/layers/concatenate.h>

#include "last_axis.h"

namespace lockstep {
namespace {

std::vector<Chain> chains_of(Concatenate::Options& options) {
    if (options.branches.empty()) throw ConfigError("branches: expected at least one branch, got none");
    std::vector<Chain> chains;
    for (LayerList& branch : options.branches) {
        const std::string name = "branch_" + std::to_string(chains.size());
        chains.emplace_back(std::move(branch), name + "/");
    }
    return chains;
}

bool differ_before_the_last_axis(const Shape& a, const Shape& b) {
    return a.rank() != b.rank() ||
           !std::ranges::equal(a.extents().first(a.rank() - 1), b.extents().first(b.rank() - 1));
}

}  // namespace

Concatenate::Concatenate(Options options) : Composite(chains_of(options)) {}

Config Concatenate::config() const {
    Config branches = Config::array();
    for (const Chain& chain : chains()) branches.push_back(chain.layers().config());
    return Config::table({{"branches", branches}});
}

Shape Concatenate::build(const Shape& input) {
    build_chains(input);
    const Shape& first = chains().front().output();
    channels_ = 0;
    for (std::size_t i = 0; i < chains().size(); ++i) {
        const Shape& output = chains()[i].output();
        widths_.push_back(last_axis_of(output));
        channels_ += widths_.back();
        if (differ_before_the_last_axis(output, first))
            throw ShapeError("expected branches that put out the same shape but for the last axis, got " +
                             first.to_string() + " from branch_0 and " + output.to_string() +
                             " from branch_" + std::to_string(i));
    }
    positions_ = first.size() / widths_.front();
    std::vector<std::size_t> extents(first.extents().begin(), first.extents().end());
    extents.back() = channels_;
    return Shape(extents);
}

void Concatenate::forward_batch(const BatchPass& batch, ConstMatrix x, Matrix y) {
    const std::size_t places = x.rows() * positions_;
    float* to = y.data();
    for (std::size_t i = 0; i < widths_.size(); to += widths_[i], ++i) {
        const float* const from = forward_chain(i, batch, x).data();
        for (std::size_t place = 0; place < places; ++place)
            std::copy_n(from + place * widths_[i], widths_[i], to + place * channels_);
    }
}

void Concatenate::backward_batch(const BatchPass& batch, ConstMatrix x, ConstMatrix /*y*/, Matrix dy,
                                 Matrix dx, std::span<float> gradients) {
    const std::size_t places = x.rows() * positions_;
    const float* from = dy.data();
    for (std::size_t i = 0; i < widths_.size(); from += widths_[i], ++i) {
        const Matrix part = output_gradient(i, x.rows());
        for (std::size_t place = 0; place < places; ++place)
            std::copy_n(from + place * channels_, widths_[i], part.data() + place * widths_[i]);
        backward_chain(i, batch, x, part, dx, gradients);
    }
}

const TypeHelp& Concatenate::help() {
    static const TypeHelp help{
        .summary = "branches of layers on the same input, their outputs joined along the last axis",
        .keys = {{"branches", "required", "list of lists of layers; an empty one is the input itself"}}};
    return help;
}

std::unique_ptr<Layer> Concatenate::from_config(const Config& keys) {
    const Config branches = keys.at("branches");
    if (!branches.is_array())
        branches.fail("expected a list of lists of layers, such as [[], [{ type = \"dense\", units = 10 }]]");
    Options options;
    for (std::size_t i = 0; i < branches.size(); ++i)
        options.branches.push_back(LayerList::from_config(branches[i]));
    return construct_from<Concatenate>(keys, std::move(options));
}

}  // namespace lockstep
