#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <lockstep/comm/exchange.h>

namespace lockstep::test {

/// What happens in a run of the exchange: everything is a function of the attempt, so that each rank, and the
/// oracle, knows it without asking.
class ExchangeScenario {
public:
    /// How the shards of a batch are spread over the ranks.
    enum class Spread {
        aligned,  // a power of two of shards; each rank has a subtree of them, or none: the sums have the
                  // oracle's bits
        uneven,   // any number of shards, cut anywhere
    };

    struct Options {
        bool two_phase = false;
        Spread spread = Spread::aligned;
        std::uint64_t attempts = 500;
    };

    static constexpr std::uint32_t kMostShards = 8;
    static constexpr std::size_t kNumbersPerShard = 3;

    ExchangeScenario(int ranks, Options options);

    const Options& options() const { return options_; }
    /// Three buckets, with weights that end within blocks, gaps, a weight that one rank updates as a
    /// whole, one that is not trained, and fewer blocks than lanes.
    const ExchangeSpec& spec() const { return spec_; }

    /// Which shards each rank has; the same for a few attempts in a row. Valid until the next call.
    ShardMap map(std::uint64_t attempt);
    float learning_rate(std::uint64_t attempt) const;
    bool is_dropped(std::uint64_t attempt) const;
    /// Whether a dropped attempt is dropped because somebody sets weights.
    bool sets_weights(std::uint64_t attempt) const;
    float weight_set(std::uint64_t attempt, std::size_t element) const;

    /// The sum of the gradients of the shards [first, end) in their tree; `out` and the range begin at
    /// `offset` of the store.
    void gradients(std::uint64_t attempt, std::uint32_t first, std::uint32_t end, std::size_t offset,
                   std::span<float> out);
    /// What a shard tells rank 0.
    double number(std::uint64_t attempt, std::uint32_t shard, std::size_t index) const;

private:
    void cut_aligned(std::uint64_t key, std::uint32_t begin, std::uint32_t end, std::size_t rank,
                     std::size_t ranks);
    void cut_anywhere(std::uint64_t key);
    std::span<const float> gradient_of(std::uint64_t attempt, std::uint32_t shard, std::size_t offset,
                                       std::size_t size) const;
    void sum(std::uint64_t attempt, std::uint32_t first, std::uint32_t end, std::size_t offset,
             std::span<float> out, std::size_t depth);

    Options options_;
    ExchangeSpec spec_;
    std::vector<std::uint32_t> map_;
    std::vector<float> noise_;
    std::vector<std::vector<float>> scratch_;  // by depth in the tree
};

/// A number that looks random.
std::uint64_t mix(std::uint64_t value);

}  // namespace lockstep::test
