#include "start_line.h"

#include <algorithm>
#include <bit>

#include <fmt/format.h>

#include <lockstep/math/blas.h>
#include <lockstep/math/kernels.h>

namespace lockstep {
namespace {

std::string counted(long count, const std::string& noun) {
    return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

/// 669706 as "669,706".
std::string with_commas(std::size_t number) {
    std::string text = std::to_string(number);
    for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
        text.insert(static_cast<std::size_t>(at), ",");
    return text;
}

}  // namespace

std::string start_line(const RunInfo& info, const Job& job, const Sequential& model) {
    const std::string shards =
        info.shards == 0 ? "one shard per rank" : counted(static_cast<long>(info.shards), "shard");
    return fmt::format("{} on {}, {} each, {}, batch {}, {} weights, {} weight memory, OpenBLAS {} {}, {}",
                       counted(info.world_size, "rank"), counted(info.nodes, "node"),
                       counted(job.run.threads, "thread"), shards, job.training.batch_size,
                       with_commas(model.parameters().total()), info.exchange, math::blas_version(),
                       math::blas_core(), math::simd_target_name());
}

std::string shards_note(const RunInfo& info, const Job& job) {
    if (info.shards != 0) return "";
    if (job.training.shards != 0)
        return fmt::format(
            "results depend on the number of ranks: training.shards = {} cannot be spread evenly over {}, so "
            "that each has one shard",
            job.training.shards, info.world_size);
    const unsigned shards = std::max(8U, std::bit_ceil(static_cast<unsigned>(info.world_size)));
    std::string divisors;
    for (unsigned ranks = 1; ranks <= shards; ranks *= 2)
        divisors += (ranks == 1 ? "" : ", ") + std::to_string(ranks);
    return fmt::format(
        "results depend on the number of ranks, because training.shards is not set; training.shards = {} "
        "gives the same on {} ranks",
        shards, divisors);
}

}  // namespace lockstep
