#include <algorithm>
#include <bit>
#include <string>

#include <fmt/format.h>

#include <lockstep/core/error.h>
#include <lockstep/data/batch_plan.h>

namespace lockstep {

void check_shards(std::size_t shards, int ranks) {
    if (shards % static_cast<std::size_t>(ranks) == 0) return;
    std::string divisors;
    for (std::size_t count = 1; count <= shards; ++count)
        if (shards % count == 0) divisors += (divisors.empty() ? "" : ", ") + std::to_string(count);
    throw ConfigError(fmt::format(
        "training.shards = {} cannot be spread evenly over {} ranks; numbers of ranks that can: {}; with "
        "training.elastic = true any number will do, and results depend on it",
        shards, ranks, divisors));
}

std::size_t elastic_shards(std::size_t shards, int ranks) {
    return shards % static_cast<std::size_t>(ranks) == 0 ? shards : 0;
}

namespace {

/// Part k of n things in S nearly equal parts.
BatchPlan::Range part(std::uint64_t k, std::uint64_t n, std::uint64_t parts) {
    const std::uint64_t first = k * n / parts;
    return {first, (k + 1) * n / parts - first};
}

}  // namespace

BatchPlan::BatchPlan(std::size_t shards, std::size_t rank, std::size_t ranks, std::size_t least)
    : shards_(shards), rank_(rank), ranks_(ranks), least_(least) {
    if (rank >= ranks)
        throw ConfigError("batch plan: rank " + std::to_string(rank) + " of " + std::to_string(ranks) +
                          " ranks");
    if (least == 0) throw ConfigError("batch plan: a shard needs at least one sample");
}

std::size_t BatchPlan::shards(std::uint64_t samples) const {
    if (shards_ == 0) return std::min<std::uint64_t>(ranks_, samples);
    const std::uint64_t fitting = std::min<std::uint64_t>(shards_, samples / least_);
    return std::bit_floor(std::max<std::uint64_t>(fitting, 1));
}

BatchPlan::Range BatchPlan::shares_of(std::size_t rank, std::uint64_t shards) const {
    return part(rank, shards, ranks_);
}

BatchPlan::Range BatchPlan::shards_of(std::size_t rank, std::uint64_t samples) const {
    return shares_of(rank, shards(samples));
}

BatchPlan::Range BatchPlan::samples_of(std::size_t shard, std::uint64_t samples) const {
    return part(shard, samples, shards(samples));
}

BatchPlan::Range BatchPlan::my_samples(std::uint64_t samples) const {
    const Range own = my_shards(samples);
    const std::uint64_t begin = samples_of(own.first, samples).first;
    return {begin, samples_of(own.first + own.count, samples).first - begin};
}

BatchPlan::Range BatchPlan::mine(std::uint64_t position, std::uint64_t samples,
                                 std::vector<ShardRows>& out) const {
    out.clear();
    const Range own = my_shards(samples), rows = my_samples(samples);
    for (std::uint64_t shard = own.first; shard < own.first + own.count; ++shard) {
        const Range range = samples_of(shard, samples);
        out.push_back(
            {.first = range.first - rows.first, .count = range.count, .position = position + range.first});
    }
    return rows;
}

std::size_t BatchPlan::most_rows(std::uint64_t samples) const {
    const auto bound = [&](std::uint64_t shards, std::uint64_t largest) {
        return (shares_of(rank_, shards).count * largest + shards - 1) / shards;
    };
    if (shards_ == 0) return (samples + ranks_ - 1) / ranks_;
    std::uint64_t most = bound(shards(samples), samples);
    // A smaller batch may have fewer shards, and this rank more of them than its share.
    for (std::uint64_t fewer = shards(samples) / 2; fewer > 0; fewer /= 2)
        most = std::max(most, bound(fewer, std::min<std::uint64_t>(samples, 2 * fewer * least_ - 1)));
    return most;
}

std::size_t BatchPlan::most_shards() const {
    if (shards_ == 0) return 1;
    std::uint64_t most = 0;
    for (std::uint64_t shards = std::bit_floor(shards_); shards > 0; shards /= 2)
        most = std::max(most, shares_of(rank_, shards).count);
    return most;
}

}  // namespace lockstep
