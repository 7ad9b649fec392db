#include "exchange_memory.h"

#include <algorithm>

namespace lockstep {

namespace {

std::size_t local_ranks(const Topology& topology) {
    return static_cast<std::size_t>(topology.local_size());
}

std::size_t blocks(std::size_t elements) {
    return (elements + Exchange::kBlock - 1) / Exchange::kBlock;
}

/// Up to the end of a cache line, where the next weight begins.
std::size_t whole_lines(std::size_t elements) {
    constexpr std::size_t kLine = kCacheLine / sizeof(float);
    return (elements + kLine - 1) / kLine * kLine;
}

/// Cuts a bucket at the ends of blocks and of weights; what lies between weights is nobody's.
std::vector<ExchangePiece> cut(const ExchangeSpec& spec, const ExchangeSpec::Bucket& bucket,
                               std::vector<std::size_t>& piece_entry) {
    std::vector<ExchangePiece> pieces;
    for (std::size_t index = bucket.first_entry; index < bucket.first_entry + bucket.entries; ++index) {
        const ExchangeSpec::Entry& entry = spec.entries[index];
        if (!entry.updated) continue;
        for (std::size_t first = entry.offset; first < entry.offset + entry.size;) {
            const std::size_t block_end =
                bucket.offset + (blocks(first - bucket.offset + 1)) * Exchange::kBlock;
            const std::size_t end = std::min(block_end, entry.offset + entry.size);
            pieces.push_back(
                {.entry = index, .offset = first, .size = end - first, .sum = piece_entry.size()});
            piece_entry.push_back(index);
            first = end;
        }
    }
    return pieces;
}

}  // namespace

ExchangeLayout::ExchangeLayout(const Topology& topology, const ExchangeSpec& spec)
    : spec_(spec), lanes_(static_cast<std::size_t>(topology.lanes)) {
    constexpr std::size_t kFlag = kCacheLine / sizeof(std::uint64_t);
    for (const auto& bucket : spec.buckets) pieces_.push_back(cut(spec, bucket, piece_entry));
    MemoryPlan plan;
    weights = plan.add<float>(spec.store);
    for (std::size_t index = 0; index < spec.arrays; ++index) arrays.push_back(plan.add<float>(spec.store));
    for (std::size_t rank = 0; rank < local_ranks(topology); ++rank)
        gradients.push_back(plan.add<float>(spec.store));
    sums = plan.add<double>(piece_entry.size());
    rule_sums = plan.add<double>(piece_entry.size() * spec.sums);
    published = plan.add<std::uint64_t>(spec.buckets.size() * local_ranks(topology) * kFlag);
    updated = plan.add<std::uint64_t>(spec.buckets.size() * lanes_ * kFlag);
    reduced = plan.add<std::uint64_t>(lanes_ * kFlag);
    bytes = plan.bytes();
}

ExchangeSlice ExchangeLayout::slice(std::size_t bucket, int lane) const {
    if (lane < 0) return {};
    const ExchangeSpec::Bucket& range = spec_.buckets[bucket];
    const std::size_t count = blocks(range.size);
    const auto boundary = [&](std::size_t index) {
        return after_whole(range, std::min(range.size, count * index / lanes_ * Exchange::kBlock));
    };
    const auto index = static_cast<std::size_t>(lane);
    ExchangeSlice slice{.offset = range.offset + boundary(index),
                        .size = boundary(index + 1) - boundary(index),
                        .pieces = {},
                        .whole_entries = {}};
    for (const ExchangePiece& piece : pieces_[bucket]) {
        if (piece.offset < slice.offset || piece.offset >= slice.offset + slice.size) continue;
        slice.pieces.push_back(piece);
        const ExchangeSpec::Entry& entry = spec_.entries[piece.entry];
        if (entry.whole && piece.offset == entry.offset) slice.whole_entries.push_back(piece.entry);
    }
    return slice;
}

/// Where a slice ends that would end at `end` of the bucket: after the weight there, if it stays whole.
std::size_t ExchangeLayout::after_whole(const ExchangeSpec::Bucket& bucket, std::size_t end) const {
    for (std::size_t index = bucket.first_entry; index < bucket.first_entry + bucket.entries; ++index) {
        const ExchangeSpec::Entry& entry = spec_.entries[index];
        const std::size_t first = entry.offset - bucket.offset;
        if (entry.whole && first < end && end < first + entry.size) return whole_lines(first + entry.size);
    }
    return end;
}

Exchange::Flags::Flags(const ExchangeLayout& layout, const NodeMemory& memory, const Topology& topology,
                       std::size_t buckets)
    : buckets_(buckets),
      ranks_(local_ranks(topology)),
      lanes_(static_cast<std::size_t>(topology.lanes)),
      rank_(static_cast<std::size_t>(topology.local_rank)),
      published_(memory.at<std::uint64_t>(layout.published, buckets * ranks_ * kStride)),
      updated_(memory.at<std::uint64_t>(layout.updated, buckets * lanes_ * kStride)),
      reduced_(memory.at<std::uint64_t>(layout.reduced, lanes_ * kStride)) {}

void Exchange::Flags::zero_own() {
    for (std::size_t bucket = 0; bucket < buckets_; ++bucket) {
        published(bucket) = 0;
        if (rank_ < lanes_) updated(bucket) = 0;
    }
    if (rank_ < lanes_) reduced() = 0;
}

bool Exchange::Flags::all(std::span<std::uint64_t> flags, std::size_t bucket, std::size_t owners,
                          std::uint64_t attempt) {
    for (std::size_t owner = 0; owner < owners; ++owner)
        if (Bell::get(flag(flags, bucket, owners, owner)) < attempt) return false;
    return true;
}

}  // namespace lockstep
