#include <algorithm>
#include <iterator>

#include <lockstep/core/error.h>
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
    Place place{};
    for (Chain& chain : chains_) {
        chain.build(input);
        if (chain.layers().batch_sums() > 0)
            throw ShapeError(
                "expected layers that work on a shard alone, got one with sync = true; "
                "leave it out inside of residual and concatenate");
        place.weights = chain.weights().size();
        places_.push_back(place);
        place.weight += place.weights;
        place.saved += chain.saved_floats_per_sample();
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

std::size_t Composite::saved_floats_per_sample() const {
    std::size_t sum = 0;
    for (const Chain& chain : chains_) sum += chain.saved_floats_per_sample();
    return sum;
}

void Composite::reserve(std::size_t rows) {
    std::size_t widest = 0;
    for (Chain& chain : chains_) {
        chain.reserve(rows);
        widest = std::max(widest, chain.output().size());
    }
    grow(output_gradient_, rows * widest);
    grow(input_gradient_, rows * inputs_);
}

double Composite::flops_per_sample() const {
    double sum = 0.0;
    for (const Chain& chain : chains_) sum += chain.layers().flops_per_sample();
    return sum;
}

LayerPass Composite::pass_of(std::size_t index, const LayerPass& pass, std::size_t rows) const {
    const Place& place = places_[index];
    return {.training = pass.training,
            .random = pass.random.substream(index),
            .position = pass.position,
            .weights = pass.weights.subspan(place.weight, place.weights),
            .saved = pass.saved.subspan(rows * place.saved, rows * chains_[index].saved_floats_per_sample())};
}

ConstMatrix Composite::forward_chain(std::size_t index, const LayerPass& pass, ConstMatrix x) {
    return chains_[index].forward(pass_of(index, pass, x.rows()), x);
}

Matrix Composite::output_gradient(std::size_t index, std::size_t rows) {
    return {output_gradient_.data(), rows, chains_[index].output().size()};
}

void Composite::backward_chain(std::size_t index, const LayerPass& pass, ConstMatrix x, Matrix dy, Matrix dx,
                               std::span<const std::span<float>> gradients) {
    Chain& chain = chains_[index];
    const bool adds = index > 0 && !dx.empty();
    Matrix part = dy;  // of dx
    if (!chain.is_identity()) {
        part = adds ? Matrix(input_gradient_.data(), x.rows(), x.columns()) : dx;
        const Place& place = places_[index];
        chain.backward(pass_of(index, pass, x.rows()), x, dy, part,
                       gradients.subspan(place.weight, place.weights));
    }
    if (adds)
        math::add(dx.values(), part.values(), dx.values());
    else if (part.data() != dx.data() && !dx.empty())
        std::ranges::copy(part.values(), dx.data());
}

}  // namespace lockstep
