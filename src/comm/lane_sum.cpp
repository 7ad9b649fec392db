#include "lane_sum.h"

#include <algorithm>
#include <bit>

#include <lockstep/math/kernels.h>

#include "mpi_check.h"

namespace lockstep {

LaneSum::LaneSum(const Topology& topology, std::size_t largest_slice) : topology_(topology) {
    if (!topology.lane) return;
    const auto nodes = static_cast<std::size_t>(topology.nodes());
    const auto ranks = static_cast<std::size_t>(topology.size);
    rounds_.reserve(2 * std::bit_width(nodes));
    all_parts_.reserve(2 * ranks);
    counts_.resize(nodes);
    starts_.resize(nodes);
    parts_of_node_.resize(nodes);
    const std::size_t most_parts = ranks;  // a part has at least one rank
    incoming_ =
        AlignedBuffer<float>(std::max(largest_slice / 2 + 1, most_parts * std::min(largest_slice, kPiece)));
    outgoing_ = AlignedBuffer<float>(most_parts * std::min(largest_slice, kPiece));
    for (std::size_t depth = 0; depth <= std::bit_width(ranks); ++depth)
        scratch_.emplace_back(std::min(largest_slice, kPiece));
}

void LaneSum::plan(const ShardTree& tree) {
    tree_ = &tree;
    if (!topology_.lane) return;
    const int nodes = topology_.nodes();
    full_binary_ = std::has_single_bit(static_cast<unsigned>(nodes)) && !tree.empty() &&
                   is_full_binary(tree, tree.root(), 0, nodes);
    all_parts_.clear();
    for (int node = 0; node < nodes; ++node) {
        const std::size_t before = all_parts_.size();
        const auto index = static_cast<std::size_t>(node);
        tree.parts_within(topology_.node_begin[index], topology_.node_begin[index + 1], all_parts_);
        parts_of_node_[index] = static_cast<int>(all_parts_.size() - before);
    }
}

bool LaneSum::is_full_binary(const ShardTree& tree, int index, int first_node, int nodes) const {
    const ShardTree::Node& here = tree.node(index);
    const auto begins = [&](int node) { return topology_.node_begin[static_cast<std::size_t>(node)]; };
    if (here.first_rank < begins(first_node) || here.last_rank >= begins(first_node + nodes)) return false;
    if (nodes == 1) return true;
    return here.rank < 0 && is_full_binary(tree, here.left, first_node, nodes / 2) &&
           is_full_binary(tree, here.right, first_node + nodes / 2, nodes / 2);
}

void LaneSum::start(std::span<const std::span<float>> parts) {
    slice_ = parts.front();
    rounds_.clear();
    round_ = 0;
    if (!topology_.lane || slice_.empty()) return;
    if (!full_binary_) return gather(parts);
    lay_out_rounds();
    post(rounds_.front());
}

void LaneSum::lay_out_rounds() {
    std::size_t first = 0, count = slice_.size();
    for (int distance = 1; distance < topology_.nodes(); distance *= 2) {
        const bool keeps_low = (topology_.node & distance) == 0;
        const std::size_t low = count / 2, high = count - low;
        const std::size_t kept = keeps_low ? first : first + low;
        rounds_.push_back({.partner = topology_.node ^ distance,
                           .adds = true,
                           .send_first = keeps_low ? first + low : first,
                           .send_count = keeps_low ? high : low,
                           .receive_first = kept,
                           .receive_count = keeps_low ? low : high});
        first = kept;
        count = rounds_.back().receive_count;
    }
    for (std::size_t back = rounds_.size(); back-- > 0;) {
        const Round in = rounds_[back];
        rounds_.push_back({.partner = in.partner,
                           .adds = false,
                           .send_first = in.receive_first,
                           .send_count = in.receive_count,
                           .receive_first = in.send_first,
                           .receive_count = in.send_count});
    }
}

void LaneSum::post(const Round& round) {
    const MPI_Comm lane = topology_.lane->handle().comm;
    float* target = round.adds ? incoming_.data() : slice_.data() + round.receive_first;
    check_mpi(MPI_Irecv(target, static_cast<int>(round.receive_count), MPI_FLOAT, round.partner, 0, lane,
                        received_.address()),
              "MPI_Irecv");
    check_mpi(MPI_Isend(slice_.data() + round.send_first, static_cast<int>(round.send_count), MPI_FLOAT,
                        round.partner, 0, lane, sent_.address()),
              "MPI_Isend");
}

bool LaneSum::advance() {
    while (round_ < rounds_.size()) {
        if (!received_.test() || !sent_.test()) return false;
        finish(rounds_[round_]);
        if (++round_ < rounds_.size()) post(rounds_[round_]);
    }
    return true;
}

void LaneSum::finish(const Round& round) {
    if (!round.adds) return;
    const auto kept = slice_.subspan(round.receive_first, round.receive_count);
    math::add(kept, incoming_.span().first(round.receive_count), kept);
}

void LaneSum::gather(std::span<const std::span<float>> parts) {
    const auto mine = static_cast<std::size_t>(parts_of_node_[static_cast<std::size_t>(topology_.node)]);
    for (std::size_t first = 0; first < slice_.size(); first += kPiece) {
        const std::size_t size = std::min(kPiece, slice_.size() - first);
        for (std::size_t part = 0; part < mine; ++part)
            std::ranges::copy(parts[part].subspan(first, size), outgoing_.data() + part * size);
        int start = 0;
        for (std::size_t node = 0; node < counts_.size(); ++node) {
            counts_[node] = parts_of_node_[node] * static_cast<int>(size);
            starts_[node] = start;
            start += counts_[node];
        }
        check_mpi(MPI_Allgatherv(outgoing_.data(), static_cast<int>(mine * size), MPI_FLOAT, incoming_.data(),
                                 counts_.data(), starts_.data(), MPI_FLOAT, topology_.lane->handle().comm),
                  "MPI_Allgatherv");
        if (!tree_->empty()) std::ranges::copy(add_up(tree_->root(), size, 0), slice_.data() + first);
    }
}

std::span<const float> LaneSum::add_up(int index, std::size_t size, std::size_t depth) {
    const auto part = std::ranges::find(all_parts_, index);
    if (part != all_parts_.end())
        return incoming_.span().subspan(static_cast<std::size_t>(part - all_parts_.begin()) * size, size);
    const ShardTree::Node& here = tree_->node(index);
    const auto left = add_up(here.left, size, depth);
    const auto right = add_up(here.right, size, depth + 1);
    const auto out = scratch_[depth].span().first(size);
    math::add(left, right, out);
    return out;
}

}  // namespace lockstep
