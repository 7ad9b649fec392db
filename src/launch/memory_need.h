#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include <lockstep/launch/job.h>
#include <lockstep/nn/sequential.h>

namespace lockstep {

/// Bytes that training needs on a node with `ranks` ranks and no other nodes. Data that are kept in memory,
/// callbacks and the scratch memory of layers come on top.
struct MemoryNeed {
    std::size_t ranks = 1;

    // Shared by the ranks of a node.
    std::size_t weights = 0;
    std::size_t slots = 0;      // of the optimizer
    std::size_t gradients = 0;  // of all ranks

    // Of each rank.
    std::size_t rows = 0;         // samples of a batch
    std::size_t batches = 0;      // this one and the next, inputs and targets
    std::size_t activations = 0;  // and their gradients

    std::size_t shared() const { return weights + slots + gradients; }
    std::size_t of_rank() const { return batches + activations; }
    std::size_t of_node() const { return shared() + ranks * of_rank(); }
};

/// `model` is built. Without `per_node`, of as many ranks as were started. Throws ConfigError if loss or
/// optimizer cannot be made.
MemoryNeed memory_need(const Job& job, const Sequential& model, std::optional<int> per_node);

/// "340.0 kB", "1.5 MB", "2.0 GB"
std::string size_text(std::size_t bytes);

}  // namespace lockstep
