#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <lockstep/comm/exchange.h>

namespace lockstep {

/// Where an exchange's parts lie in the node's memory, and which pieces the buckets are cut into.
struct ExchangeLayout {
    ExchangeLayout(const Topology& topology, const ExchangeSpec& spec);

    /// What lane `lane` owns of a bucket: blocks, spread evenly, but for weights that stay whole. Empty for
    /// lane -1.
    ExchangeSlice slice(std::size_t bucket, int lane) const;

    std::size_t weights, sums, rule_sums, published, updated, reduced;
    std::vector<std::size_t> arrays, gradients;
    std::size_t bytes;
    std::vector<std::size_t> piece_entry;  // of each piece, in the order of their sums: its weight

private:
    std::size_t after_whole(const ExchangeSpec::Bucket& bucket, std::size_t end) const;

    const ExchangeSpec& spec_;
    std::size_t lanes_;
    std::vector<std::vector<ExchangePiece>> pieces_;  // by bucket
};

/// Attempt numbers that only grow, one cache line each.
class Exchange::Flags {
public:
    Flags(const ExchangeLayout& layout, const NodeMemory& memory, const Topology& topology,
          std::size_t buckets);

    std::uint64_t& published(std::size_t bucket) { return flag(published_, bucket, ranks_, rank_); }
    std::uint64_t& updated(std::size_t bucket) { return flag(updated_, bucket, lanes_, rank_); }
    std::uint64_t& reduced() { return flag(reduced_, 0, lanes_, rank_); }

    bool all_published(std::size_t bucket, std::uint64_t attempt) const {
        return all(published_, bucket, ranks_, attempt);
    }
    bool is_updated(std::size_t bucket, std::uint64_t attempt) const {
        return all(updated_, bucket, lanes_, attempt);
    }
    bool all_reduced(std::uint64_t attempt) const { return all(reduced_, 0, lanes_, attempt); }

    void zero_own();

private:
    static constexpr std::size_t kStride = kCacheLine / sizeof(std::uint64_t);

    static std::uint64_t& flag(std::span<std::uint64_t> flags, std::size_t bucket, std::size_t owners,
                               std::size_t owner) {
        return flags[(bucket * owners + owner) * kStride];
    }
    static bool all(std::span<std::uint64_t> flags, std::size_t bucket, std::size_t owners,
                    std::uint64_t attempt);

    std::size_t buckets_, ranks_, lanes_, rank_;
    std::span<std::uint64_t> published_, updated_, reduced_;
};

}  // namespace lockstep
