#include "exchange_oracle.h"

#include <lockstep/math/kernels.h>

namespace lockstep::test {

ExchangeOracle::ExchangeOracle(ExchangeScenario& scenario)
    : scenario_(scenario),
      weights_(scenario.spec().store),
      velocity_(weights_),
      gradients_(weights_),
      arrays_(1),
      squares_(scenario.spec().entries.size()) {}

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
            if (!spec.entries[entry].updated) continue;
            rule_.prepare(stretch(entry), gradient(spec.entries[entry]));
            if (spec.entries[entry].measured) squares_[entry] = square(bucket, spec.entries[entry]);
        }
    if (spec.two_phase) rule_.set_norms(squares_);
    for (std::size_t entry = 0; entry < spec.entries.size(); ++entry) {
        if (spec.entries[entry].updated) rule_.apply(stretch(entry), gradient(spec.entries[entry]));
        if (spec.entries[entry].whole) rule_.complete(entry, stretch(entry).weights);
    }
}

/// Partial sums per block of the bucket, added in their order.
double ExchangeOracle::square(const ExchangeSpec::Bucket& bucket, const ExchangeSpec::Entry& entry) const {
    double whole = 0.0;
    for (std::size_t first = entry.offset; first < entry.offset + entry.size;) {
        const std::size_t block = (first - bucket.offset) / Exchange::kBlock;
        const std::size_t end =
            std::min(bucket.offset + (block + 1) * Exchange::kBlock, entry.offset + entry.size);
        whole += math::sum_of_squares(std::span(gradients_).subspan(first, end - first));
        first = end;
    }
    return whole;
}

std::span<float> ExchangeOracle::gradient(const ExchangeSpec::Entry& entry) {
    return std::span(gradients_).subspan(entry.offset, entry.size);
}

Stretch ExchangeOracle::stretch(std::size_t entry) {
    const ExchangeSpec::Entry& place = scenario_.spec().entries[entry];
    arrays_[0] = std::span(velocity_).subspan(place.offset, place.size);
    return {
        .entry = entry, .weights = std::span(weights_).subspan(place.offset, place.size), .arrays = arrays_};
}

}  // namespace lockstep::test
