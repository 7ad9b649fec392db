#include "memory_need.h"

#include <fmt/format.h>

#include <lockstep/data/batch_plan.h>
#include <lockstep/log/identity.h>
#include <lockstep/nn/registry.h>
#include <lockstep/nn/workspace.h>

namespace lockstep {
namespace {

/// What the optimizer keeps per weight.
std::size_t arrays_of(const Optimizer& optimizer) {
    const OptimizerOptions& options = optimizer.options();
    return optimizer.slots().size() + (options.gradient_accumulation_steps > 1 ? 1 : 0) +
           (options.use_ema ? 1 : 0);
}

}  // namespace

MemoryNeed memory_need(const Job& job, const Sequential& model, std::optional<int> per_node) {
    const auto ranks = static_cast<std::size_t>(per_node.value_or(log::early_identity().size));
    const TrainingSection& training = job.training;
    const BatchPlan plan(training.shards, 0, ranks);
    const std::size_t store = model.parameters().size * sizeof(float);
    const std::size_t rows = plan.most_rows(training.batch_size);
    const std::size_t targets = make_loss(training.loss)->target_shape(model.output_shape()).size();
    return {.ranks = ranks,
            .weights = store,
            .slots = arrays_of(*make_optimizer(training.optimizer)) * store,
            .gradients = ranks * store,
            .rows = rows,
            .batches = 2 * rows * (model.input_shape().size() + targets) * sizeof(float),
            .activations = Workspace::bytes_needed(model, rows, plan.most_shards(), true)};
}

std::string size_text(std::size_t bytes) {
    const auto size = static_cast<double>(bytes);
    if (size < 1e6) return fmt::format("{:.1f} kB", size / 1e3);
    return size < 1e9 ? fmt::format("{:.1f} MB", size / 1e6) : fmt::format("{:.1f} GB", size / 1e9);
}

}  // namespace lockstep
