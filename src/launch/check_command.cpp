#include <algorithm>
#include <cstdio>

#include <lockstep/launch/job_file.h>
#include <lockstep/launch/overrides.h>
#include <lockstep/nn/registry.h>

#include "commands.h"
#include "data_setup.h"
#include "memory_need.h"
#include "train_setup.h"

namespace lockstep {
namespace {

void print_data(const char* part, const Dataset& data) {
    std::printf("%-11s %s: %llu samples, inputs %s, targets %s\n", part, data.describe().c_str(),
                static_cast<unsigned long long>(data.size()), data.input_shape().to_string().c_str(),
                data.target_shape().to_string().c_str());
}

void print_memory(const MemoryNeed& need) {
    std::printf(
        "%-11s about %s shared per node and %s per rank, with %zu rank%s per node; data that are kept in "
        "memory come on top\n",
        "memory", size_text(need.shared()).c_str(), size_text(need.of_rank()).c_str(), need.ranks,
        need.ranks == 1 ? "" : "s");
}

}  // namespace

ExitCode check_command(const Arguments& arguments) {
    const Config tree = parse_toml(read_text(arguments.job), arguments.job);
    const Job job = read_job(with_overrides(tree, arguments.overrides), arguments.job);
    const Sequential model = build_model(job);
    const std::unique_ptr<Loss> loss = make_loss(job.training.loss);
    make_optimizer(job.training.optimizer);
    for (const Config& metric : job.training.metrics) make_metric(metric);
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
    print_memory(memory_need(job, model, arguments.ranks));
    std::printf("%s is sound\n", arguments.job.c_str());
    return ExitCode::success;
}

}  // namespace lockstep
