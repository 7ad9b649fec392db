#include "exchange_scenario.h"

#include <algorithm>
#include <bit>

#include <lockstep/math/kernels.h>

#include "momentum_rule.h"

namespace lockstep::test {

namespace {

constexpr std::size_t kNoiseShift = 1021;

ExchangeSpec three_buckets(bool two_phase) {
    return {.entries = {{.offset = 0, .size = 5000, .updated = true, .whole = true},
                        {.offset = 5008, .size = 37, .updated = true},
                        {.offset = 5056, .size = 1, .updated = true, .measured = false},
                        {.offset = 5072, .size = 8, .updated = false},
                        {.offset = 5088, .size = 4090, .updated = true},
                        {.offset = 9184, .size = 3 * 4096 + 5, .updated = true}},
            .buckets = {{.offset = 0, .size = 5056, .first_entry = 0, .entries = 2},
                        {.offset = 5056, .size = 4128, .first_entry = 2, .entries = 3},
                        {.offset = 9184, .size = 12304, .first_entry = 5, .entries = 1}},
            .store = 21488,
            .arrays = 1,
            .two_phase = two_phase,
            .sums = two_phase ? MomentumRule::kSums : 0,
            .measure = !two_phase};
}

}  // namespace

std::uint64_t mix(std::uint64_t value) {
    value += 0x9e3779b97f4a7c15U;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
    return value ^ (value >> 31);
}

ExchangeScenario::ExchangeScenario(int ranks, Options options)
    : options_(options), spec_(three_buckets(options.two_phase)), map_(static_cast<std::size_t>(ranks) + 1) {
    for (std::uint64_t index = 0; index < spec_.store + kNoiseShift; ++index)
        noise_.push_back(static_cast<float>(static_cast<double>(mix(index) >> 11) * 0x1p-53 - 0.5));
    scratch_.assign(std::bit_width(kMostShards) + 1U, std::vector<float>(spec_.store));
}

ShardMap ExchangeScenario::map(std::uint64_t attempt) {
    const std::uint64_t key = mix(attempt / 3);
    if (options_.spread == Spread::aligned)
        cut_aligned(key, 0, std::uint32_t{1} << key % 4, 0, map_.size() - 1);
    else
        cut_anywhere(key);
    return map_;
}

/// Gives a subtree to one rank, or each half of it to some of them.
void ExchangeScenario::cut_aligned(std::uint64_t key, std::uint32_t begin, std::uint32_t end,
                                   std::size_t rank, std::size_t ranks) {
    key = mix(key);
    if (ranks == 1 || end - begin == 1 || key % 5 == 0) {
        const std::size_t owner = rank + key / 5 % ranks;
        for (std::size_t other = rank; other < rank + ranks; ++other)
            map_[other + 1] = other < owner ? begin : end;
        map_[rank] = begin;
        return;
    }
    const std::uint32_t middle = begin + (end - begin) / 2;
    const std::size_t left = 1 + key / 5 % (ranks - 1);
    cut_aligned(key, begin, middle, rank, left);
    cut_aligned(key + 1, middle, end, rank + left, ranks - left);
}

void ExchangeScenario::cut_anywhere(std::uint64_t key) {
    const std::uint64_t shards = 1 + key % kMostShards;
    for (std::size_t rank = 0; rank + 1 < map_.size(); ++rank)
        map_[rank] = static_cast<std::uint32_t>(rank == 0 ? 0 : mix(key + rank) % (shards + 1));
    map_.back() = static_cast<std::uint32_t>(shards);
    std::ranges::sort(map_);
}

float ExchangeScenario::learning_rate(std::uint64_t attempt) const {
    return 0.002F * static_cast<float>(1 + attempt % 5);
}

bool ExchangeScenario::is_dropped(std::uint64_t attempt) const {
    return mix(attempt ^ 0xd0d0U) % 12 == 0;
}

bool ExchangeScenario::sets_weights(std::uint64_t attempt) const {
    return is_dropped(attempt) && mix(attempt) % 2 == 0;
}

float ExchangeScenario::weight_set(std::uint64_t attempt, std::size_t element) const {
    return 0.1F * noise_[element + attempt % kNoiseShift];
}

void ExchangeScenario::gradients(std::uint64_t attempt, std::uint32_t first, std::uint32_t end,
                                 std::size_t offset, std::span<float> out) {
    if (first == end)
        std::ranges::fill(out, 1e6F);  // must be ignored
    else
        sum(attempt, first, end, offset, out, 0);
}

double ExchangeScenario::number(std::uint64_t attempt, std::uint32_t shard, std::size_t index) const {
    return static_cast<double>(mix(attempt * 64 + shard * 8 + index)) * 0x1p-64;
}

std::span<const float> ExchangeScenario::gradient_of(std::uint64_t attempt, std::uint32_t shard,
                                                     std::size_t offset, std::size_t size) const {
    return std::span(noise_).subspan(offset + mix(attempt * kMostShards + shard) % kNoiseShift, size);
}

void ExchangeScenario::sum(std::uint64_t attempt, std::uint32_t first, std::uint32_t end, std::size_t offset,
                           std::span<float> out, std::size_t depth) {
    if (end - first == 1) {
        std::ranges::copy(gradient_of(attempt, first, offset, out.size()), out.begin());
        return;
    }
    const std::uint32_t middle = first + std::bit_floor(end - first - 1);
    const auto right = std::span(scratch_[depth]).first(out.size());
    sum(attempt, first, middle, offset, out, depth + 1);
    sum(attempt, middle, end, offset, right, depth + 1);
    math::add(out, right, out);
}

}  // namespace lockstep::test
