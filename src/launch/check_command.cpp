#include <algorithm>
#include <cstdio>

#include <lockstep/launch/job_file.h>
#include <lockstep/launch/overrides.h>
#include <lockstep/nn/registry.h>

#include "commands.h"
#include "data_setup.h"
#include "train_setup.h"

namespace lockstep {
namespace {

/// Bytes that training will need, about.
struct MemoryNeed {
    double node_shared;  // weights, optimizer slots and the gradients of all its ranks
    double rank;         // activations and batches
};

MemoryNeed estimate_memory(const Job& job, const Sequential& model, const Optimizer& optimizer, int ranks) {
    const auto store = static_cast<double>(model.parameters().size) * sizeof(float);
    const auto slots = static_cast<double>(optimizer.slots().size() +
                                           (optimizer.options().gradient_accumulation_steps > 1 ? 1 : 0));
    const auto rows =
        (job.training.batch_size + static_cast<std::uint64_t>(ranks) - 1) / static_cast<std::uint64_t>(ranks);
    double row = 2.0 * static_cast<double>(model.input_shape().size());  // this batch and the next
    for (const Sequential::Entry& entry : model.layers())
        row += 2.0 * static_cast<double>(entry.output.size());
    return {store * (1.0 + slots + ranks), row * static_cast<double>(rows) * sizeof(float)};
}

void print_data(const char* part, const Dataset& data) {
    std::printf("%-11s %s: %llu samples, inputs %s, targets %s\n", part, data.describe().c_str(),
                static_cast<unsigned long long>(data.size()), data.input_shape().to_string().c_str(),
                data.target_shape().to_string().c_str());
}

void print_memory(const MemoryNeed& need, int ranks) {
    constexpr double kMegabyte = 1e6;
    std::printf(
        "%-11s about %.1f MB shared per node and %.1f MB per rank, with %d rank%s per node; data that are "
        "kept in memory "
        "come on top\n",
        "memory", need.node_shared / kMegabyte, need.rank / kMegabyte, ranks, ranks == 1 ? "" : "s");
}

}  // namespace

ExitCode check_command(const Arguments& arguments) {
    const Config tree = parse_toml(read_text(arguments.job), arguments.job);
    const Job job = read_job(with_overrides(tree, arguments.overrides), arguments.job);
    const Sequential model = build_model(job);
    const std::unique_ptr<Loss> loss = make_loss(job.training.loss);
    const std::unique_ptr<Optimizer> optimizer = make_optimizer(job.training.optimizer);
    for (const Config& metric : job.training.metrics) make_metric(metric);
    for (const Config& metric : job.training.weighted_metrics) make_metric(metric);
    check_class_weight(job, model, *loss);
    const auto callbacks = make_callbacks(job);

    const JobData data = open_data(job);
    print_data("train", data.train);
    check_shapes(data.train, model, loss.get());
    if (data.validation) {
        print_data("validation", *data.validation);
        check_shapes(*data.validation, model, loss.get());
    }
    check_callbacks(job, callbacks, model, data);
    std::printf("%-11s %zu weights, output %s\n", "model", model.parameters().total(),
                model.output_shape().to_string().c_str());
    print_memory(estimate_memory(job, model, *optimizer, arguments.ranks), arguments.ranks);
    std::printf("%s is sound\n", arguments.job.c_str());
    return ExitCode::success;
}

}  // namespace lockstep
