#include <algorithm>

#include <lockstep/comm/adopt.h>
#include <lockstep/comm/telemetry_channel.h>

#include "mpi_check.h"
#include "mpi_handle.h"

namespace lockstep {

namespace {
constexpr std::size_t kStride = kCacheLine / sizeof(std::uint64_t);
}

/// Every attempt, two gathers: what the nodes' shards say, and what their ranks say, each at its own place.
struct TelemetryChannel::Network {
    Network(const Communicator& leaders, bool is_root) : ranks(leaders.duplicate()), root(is_root) {
        counts.resize(static_cast<std::size_t>(leaders.size()));
        starts = counts;
        rank_counts = rank_starts = counts;
    }

    void gather(std::span<double> slots, std::size_t first, std::size_t count,
                const std::vector<int>& all_counts, const std::vector<int>& all_starts, Request& request) {
        const void* mine = root ? MPI_IN_PLACE : static_cast<const void*>(slots.data() + first);
        check_mpi(MPI_Igatherv(mine, static_cast<int>(count), MPI_DOUBLE, slots.data(), all_counts.data(),
                               all_starts.data(), MPI_DOUBLE, 0, ranks.handle().comm, request.address()),
                  "MPI_Igatherv");
    }

    Communicator ranks;
    bool root;
    std::vector<int> counts, starts, rank_counts, rank_starts;
    bool waits_for_node = false;
    Request shards_under_way, ranks_under_way;
};

TelemetryChannel::Layout::Layout(MemoryPlan& plan, const Topology& topology, Sizes wanted)
    : sizes(wanted),
      flags(plan.add<std::uint64_t>(kStride * static_cast<std::size_t>(topology.local_size()))),
      shards(plan.add<double>(2 * sizes.shards * sizes.numbers_per_shard)),
      ranks(plan.add<double>(2 * static_cast<std::size_t>(topology.size) * sizes.numbers_per_rank)) {}

TelemetryChannel::TelemetryChannel(const Layout& layout, const NodeMemory& memory, const Topology& topology,
                                   Waiter& waiter)
    : topology_(topology),
      waiter_(waiter),
      sizes_(layout.sizes),
      flags_(
          memory.at<std::uint64_t>(layout.flags, kStride * static_cast<std::size_t>(topology.local_size()))),
      shards_(memory.at<double>(layout.shards, 2 * sizes_.shards * sizes_.numbers_per_shard)),
      ranks_(memory.at<double>(layout.ranks,
                               2 * static_cast<std::size_t>(topology.size) * sizes_.numbers_per_rank)),
      tree_(sizes_.shards, sizes_.numbers_per_shard) {
    map_.reserve(static_cast<std::size_t>(topology.size) + 1);
    if (!topology.leaders) return;
    network_ = std::make_unique<Network>(*topology.leaders, topology.rank == 0);
    waiter.add_poll([this] { poll(); });
}

TelemetryChannel::~TelemetryChannel() = default;

std::span<double> TelemetryChannel::shard_slots() const {
    const std::size_t size = shards_.size() / 2;
    return shards_.subspan(attempt_ % 2 * size, size);
}

std::span<double> TelemetryChannel::rank_slots() const {
    const std::size_t size = ranks_.size() / 2;
    return ranks_.subspan(attempt_ % 2 * size, size);
}

void TelemetryChannel::begin(std::uint64_t attempt, ShardMap map) {
    if (network_) {
        hand_over();
        network_->shards_under_way.wait();
        network_->ranks_under_way.wait();
    }
    attempt_ = attempt;
    map_.assign(map.begin(), map.end());
    const auto me = static_cast<std::size_t>(topology_.rank);
    for (std::size_t mine = map[me]; mine < map[me + 1]; ++mine) std::ranges::fill(shard(mine), 0.0);
    std::ranges::fill(rank(), 0.0);
}

std::span<double> TelemetryChannel::shard(std::size_t shard) {
    return shard_slots().subspan(shard * sizes_.numbers_per_shard, sizes_.numbers_per_shard);
}

std::span<double> TelemetryChannel::rank() {
    return rank_slots().subspan(static_cast<std::size_t>(topology_.rank) * sizes_.numbers_per_rank,
                                sizes_.numbers_per_rank);
}

void TelemetryChannel::send() {
    waiter_.bell().set(flags_[kStride * static_cast<std::size_t>(topology_.local_rank)], attempt_);
    if (!network_ || topology_.rank == 0) return;
    network_->waits_for_node = true;
    poll();
}

void TelemetryChannel::hand_over() {
    if (network_) waiter_.until([this] { return !network_->waits_for_node; });
}

bool TelemetryChannel::node_is_complete() const {
    for (std::size_t flag = 0; flag < flags_.size(); flag += kStride)
        if (Bell::get(flags_[flag]) < attempt_) return false;
    return true;
}

void TelemetryChannel::poll() {
    network_->shards_under_way.test();
    network_->ranks_under_way.test();
    if (!network_->waits_for_node || !node_is_complete()) return;
    network_->waits_for_node = false;
    const auto first = static_cast<std::size_t>(topology_.first_rank());
    const auto end = first + static_cast<std::size_t>(topology_.local_size());
    network_->gather(shard_slots(), map_[first] * sizes_.numbers_per_shard,
                     (map_[end] - map_[first]) * sizes_.numbers_per_shard, network_->counts, network_->starts,
                     network_->shards_under_way);
    network_->gather(rank_slots(), first * sizes_.numbers_per_rank, (end - first) * sizes_.numbers_per_rank,
                     network_->rank_counts, network_->rank_starts, network_->ranks_under_way);
}

void TelemetryChannel::collect() {
    waiter_.until([this] { return node_is_complete(); });
    if (!network_) return;
    for (std::size_t node = 0; node < network_->counts.size(); ++node) {
        const auto first = static_cast<std::size_t>(topology_.node_begin[node]);
        const auto end = static_cast<std::size_t>(topology_.node_begin[node + 1]);
        network_->starts[node] = static_cast<int>(map_[first] * sizes_.numbers_per_shard);
        network_->counts[node] = static_cast<int>((map_[end] - map_[first]) * sizes_.numbers_per_shard);
        network_->rank_starts[node] = static_cast<int>(first * sizes_.numbers_per_rank);
        network_->rank_counts[node] = static_cast<int>((end - first) * sizes_.numbers_per_rank);
    }
    network_->waits_for_node = true;
    poll();
    waiter_.until([this] { return network_->shards_under_way.test() && network_->ranks_under_way.test(); });
}

void TelemetryChannel::sum_shards(std::span<double> sums) {
    tree_.add(shard_slots().first(map_.back() * sizes_.numbers_per_shard), sums);
}

std::span<const double> TelemetryChannel::of_rank(int rank) const {
    return rank_slots().subspan(static_cast<std::size_t>(rank) * sizes_.numbers_per_rank,
                                sizes_.numbers_per_rank);
}

}  // namespace lockstep
