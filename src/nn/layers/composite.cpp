#include <algorithm>
#include <iterator>

#include <lockstep/math/kernels.h>
#include <lockstep/nn/layers/composite.h>

#include "grow.h"

namespace lockstep {
namespace {

/// What `get` gives of all chains, one after the other.
template <typename T>
std::vector<T> joined(const std::vector<Chain>& chains, std::vector<T> (Chain::*get)() const) {
    std::vector<T> all;
    for (const Chain& chain : chains) std::ranges::move((chain.*get)(), std::back_inserter(all));
    return all;
}

}  // namespace

Composite::Composite(std::vector<Chain> chains) : chains_(std::move(chains)) {}

void Composite::build_chains(const Shape& input) {
    inputs_ = input.size();
    LayerPart part;
    for (Chain& chain : chains_) {
        chain.build(input);
        part.weights = chain.weights().size();
        part.saved = chain.saved_floats_per_sample();
        parts_.push_back(part);
        part = part.next();
    }
}

std::vector<WeightSpec> Composite::weights() const {
    return joined(chains_, &Chain::weights);
}

std::vector<SubLayer> Composite::sub_layers() const {
    return joined(chains_, &Chain::sub_layers);
}

bool Composite::has_shard_statistics() const {
    return std::ranges::any_of(chains_,
                               [](const Chain& chain) { return chain.layers().has_shard_statistics(); });
}

std::size_t Composite::batch_sums() const {
    std::size_t most = 0;
    for (const Chain& chain : chains_) most = std::max(most, chain.layers().batch_sums());
    return most;
}

std::size_t Composite::saved_floats_per_sample() const {
    std::size_t sum = 0;
    for (const Chain& chain : chains_) sum += chain.saved_floats_per_sample();
    return sum;
}

std::size_t Composite::widest_output() const {
    std::size_t widest = 0;
    for (const Chain& chain : chains_) widest = std::max(widest, chain.output().size());
    return widest;
}

std::size_t Composite::scratch_floats_per_sample() const {
    std::size_t sum = widest_output() + inputs_;
    for (const Chain& chain : chains_) sum += chain.scratch_floats_per_sample();
    return sum;
}

void Composite::reserve(std::size_t rows) {
    for (Chain& chain : chains_) chain.reserve(rows);
    grow(output_gradient_, rows * widest_output());
    grow(input_gradient_, rows * inputs_);
}

double Composite::flops_per_sample() const {
    double sum = 0.0;
    for (const Chain& chain : chains_) sum += chain.layers().flops_per_sample();
    return sum;
}

ConstMatrix Composite::forward_chain(std::size_t index, const BatchPass& batch, ConstMatrix x) {
    return chains_[index].forward(parts_[index].pass(batch, x.rows()), x);
}

Matrix Composite::output_gradient(std::size_t index, std::size_t rows) {
    return {output_gradient_.data(), rows, chains_[index].output().size()};
}

void Composite::backward_chain(std::size_t index, const BatchPass& batch, ConstMatrix x, Matrix dy, Matrix dx,
                               std::span<float> gradients) {
    Chain& chain = chains_[index];
    const bool adds = index > 0 && dx.columns() > 0;
    Matrix part = dy;  // of dx
    if (!chain.is_identity()) {
        part = adds ? Matrix(input_gradient_.data(), x.rows(), x.columns()) : dx;
        chain.backward(parts_[index].pass(batch, x.rows()), x, dy, part,
                       parts_[index].gradients(batch, gradients));
    }
    if (adds)
        math::add(dx.values(), part.values(), dx.values());
    else if (part.data() != dx.data() && !dx.empty())
        std::ranges::copy(part.values(), dx.data());
}

}  // namespace lockstep
