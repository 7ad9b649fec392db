#include "exchange_oracle.h"

#include <algorithm>
#include <functional>

#include <lockstep/math/kernels.h>

namespace lockstep::test {

ExchangeOracle::ExchangeOracle(ExchangeScenario& scenario)
    : scenario_(scenario),
      weights_(scenario.spec().store),
      velocity_(weights_),
      gradients_(weights_),
      arrays_(1),
      squares_(scenario.spec().entries.size()),
      sums_(scenario.spec().entries.size() * scenario.spec().sums) {}

void ExchangeOracle::run(std::uint64_t attempt, std::uint32_t shards) {
    if (!scenario_.is_dropped(attempt)) update(attempt, shards);
    if (scenario_.sets_weights(attempt))
        for (std::size_t index = 0; index < weights_.size(); ++index)
            weights_[index] = scenario_.weight_set(attempt, index);
}

void ExchangeOracle::update(std::uint64_t attempt, std::uint32_t shards) {
    const ExchangeSpec& spec = scenario_.spec();
    scenario_.gradients(attempt, 0, shards, 0, gradients_);
    rule_.shards = shards;
    rule_.learning_rate = scenario_.learning_rate(attempt);
    for (const auto& bucket : spec.buckets)
        for (std::size_t entry = bucket.first_entry; entry < bucket.first_entry + bucket.entries; ++entry) {
            const ExchangeSpec::Entry& place = spec.entries[entry];
            if (!place.updated) continue;
            rule_.prepare(stretch(entry, place.offset, place.size), gradient(place.offset, place.size));
            if (place.measured) measure(bucket, entry);
        }
    if (spec.two_phase) rule_.set_norms(squares_);
    if (spec.sums > 0) rule_.set_sums(sums_);
    for (std::size_t entry = 0; entry < spec.entries.size(); ++entry) {
        const ExchangeSpec::Entry& place = spec.entries[entry];
        const Stretch whole = stretch(entry, place.offset, place.size);
        if (place.updated) rule_.apply(whole, gradient(place.offset, place.size));
        if (place.whole) rule_.complete(entry, whole.weights);
    }
}

/// Partial sums per block of the bucket, added in their order.
void ExchangeOracle::measure(const ExchangeSpec::Bucket& bucket, std::size_t entry) {
    const std::size_t sums = scenario_.spec().sums, begin = scenario_.spec().entries[entry].offset;
    const auto totals = std::span(sums_).subspan(entry * sums, sums);
    std::ranges::fill(totals, 0.0);
    squares_[entry] = 0.0;
    std::vector<double> part(sums);
    for (std::size_t first = begin; first < begin + scenario_.spec().entries[entry].size;) {
        const std::size_t block = (first - bucket.offset) / Exchange::kBlock;
        const std::size_t end = std::min(bucket.offset + (block + 1) * Exchange::kBlock,
                                         begin + scenario_.spec().entries[entry].size);
        squares_[entry] += math::sum_of_squares(gradient(first, end - first));
        if (sums > 0) rule_.measure(stretch(entry, first, end - first), gradient(first, end - first), part);
        std::ranges::transform(totals, part, totals.begin(), std::plus{});
        first = end;
    }
}

std::span<float> ExchangeOracle::gradient(std::size_t offset, std::size_t size) {
    return std::span(gradients_).subspan(offset, size);
}

Stretch ExchangeOracle::stretch(std::size_t entry, std::size_t offset, std::size_t size) {
    arrays_[0] = std::span(velocity_).subspan(offset, size);
    return {.entry = entry, .weights = std::span(weights_).subspan(offset, size), .arrays = arrays_};
}

}  // namespace lockstep::test
