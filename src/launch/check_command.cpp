#include <algorithm>
#include <cstdio>

#include <lockstep/launch/job_file.h>
#include <lockstep/launch/overrides.h>

#include "commands.h"
#include "data_setup.h"
#include "job_parts.h"
#include "memory_need.h"

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

void print_cache(const Job& job, const JobData& data) {
    if (job.cache == Cache::none) return;
    std::size_t bytes = CachedSource::bytes_needed(*data.train.source());
    if (data.validation && data.validation->source() != data.train.source())
        bytes += CachedSource::bytes_needed(*data.validation->source());
    std::printf("%-11s %.1f MB per %s\n", "cache", static_cast<double>(bytes) / 1e6,
                job.cache == Cache::node ? "node" : "rank");
}

/// Two windows of samples, which the ranks of all nodes share out among them.
void print_windows(const Job& job, const Dataset& train) {
    const auto* blocks = std::get_if<BlockShuffle>(&job.training.shuffle);
    if (blocks == nullptr || job.cache != Cache::none || !train.may_block()) return;
    const std::uint64_t samples = std::min(blocks->block * blocks->window, train.size());
    const auto values = static_cast<double>(train.input_shape().size() + train.target_shape().size());
    std::printf("%-11s about %.1f MB over all ranks, for two windows of samples\n", "shuffle",
                2.0 * static_cast<double>(samples) * values * sizeof(float) / 1e6);
}

}  // namespace

ExitCode check_command(const Arguments& arguments) {
    const Config tree = parse_toml(read_text(arguments.job), arguments.job);
    const Job job = read_job(with_overrides(tree, arguments.overrides), arguments.job);
    const JobParts parts = make_parts(job);
    const Sequential& model = parts.model;

    const JobData data = open_data(job);
    print_data("train", data.train);
    if (data.validation) print_data("validation", *data.validation);
    check_parts(job, parts, data);
    check_weights(job, model);
    std::printf("%-11s %zu weights, output %s\n", "model", model.parameters().total(),
                model.output_shape().to_string().c_str());
    if (!job.weights.empty()) std::printf("%-11s from %s\n", "weights", job.weights.c_str());
    print_cache(job, data);
    print_windows(job, data.train);
    print_memory(memory_need(job, model, arguments.ranks));
    std::printf("%s is sound\n", arguments.job.c_str());
    return ExitCode::success;
}

}  // namespace lockstep
