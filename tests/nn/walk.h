#pragma once

#include <algorithm>
#include <vector>

#include <lockstep/nn/layers/dense.h>
#include <lockstep/nn/layers/dropout.h>
#include <lockstep/nn/layers/flatten.h>
#include <lockstep/nn/workspace.h>

#include "random_values.h"

/// Fixtures of walks through a small model with views, dropout and three layers with weights.
namespace walk {

inline constexpr std::size_t kInputs = 12;
inline constexpr std::size_t kOutputs = 4;

inline lockstep::Sequential make_model(double dropout_rate = 0.3) {
    lockstep::Sequential model({4, 3, 1});
    model.add<lockstep::Flatten>();
    model.add<lockstep::Dense>({.units = 33, .activation = "tanh"});
    model.add<lockstep::Dropout>({.rate = dropout_rate});
    model.add<lockstep::Flatten>();
    model.add<lockstep::Dense>({.units = 20, .activation = "sigmoid"});
    model.add<lockstep::Dense>({.units = kOutputs});
    model.build();
    return model;
}

inline std::vector<float> make_store(const lockstep::Sequential& model) {
    std::vector<float> store(model.parameters().size);
    model.initialize(store, 11);
    return store;
}

/// Shards of these many rows, one after the other, from `position` on.
inline std::vector<lockstep::ShardRows> make_shards(const std::vector<std::size_t>& counts,
                                                    std::uint64_t position = 0) {
    std::vector<lockstep::ShardRows> shards;
    std::size_t first = 0;
    for (const std::size_t count : counts) {
        shards.push_back({first, count, position + first});
        first += count;
    }
    return shards;
}

/// The gradients of sum(direction * outputs) for rows [first, first + sum of counts) of a fixed batch.
inline std::vector<float> gradients(lockstep::Sequential& model, const std::vector<std::size_t>& counts,
                                    std::size_t first = 0) {
    const std::vector<float> store = make_store(model);
    const auto shards = make_shards(counts, first);
    const std::size_t rows = shards.back().first + shards.back().count;
    lockstep::Workspace workspace(model, store, rows, shards.size(), /*training=*/true);
    workspace.begin_pass(/*seed=*/1, /*pass=*/2);
    const auto inputs = random_values(64 * kInputs, 5), direction = random_values(64 * kOutputs, 6);
    workspace.forward({inputs.data() + first * kInputs, rows, kInputs}, shards, true, {});
    std::copy_n(direction.begin() + static_cast<std::ptrdiff_t>(first * kOutputs), rows * kOutputs,
                workspace.output_gradient().data());
    std::vector<float> result(store.size(), 0.0F);
    workspace.backward(result, {}, {});
    return result;
}

}  // namespace walk
