#pragma once

#include <vector>

#include "exchange_scenario.h"
#include "momentum_rule.h"

namespace lockstep::test {

/// The same run by one rank without any exchange: sums all shards in their tree and updates whole weights.
class ExchangeOracle {
public:
    explicit ExchangeOracle(ExchangeScenario& scenario);

    /// What the attempt makes of the weights.
    void run(std::uint64_t attempt, std::uint32_t shards);

    const std::vector<float>& weights() const { return weights_; }
    const std::vector<float>& velocity() const { return velocity_; }
    /// Of the last attempt that was not dropped, by entry.
    const std::vector<double>& squared_norms() const { return squares_; }

private:
    void update(std::uint64_t attempt, std::uint32_t shards);
    void measure(const ExchangeSpec::Bucket& bucket, std::size_t entry);
    std::span<float> gradient(std::size_t offset, std::size_t size);
    Stretch stretch(std::size_t entry, std::size_t offset, std::size_t size);

    ExchangeScenario& scenario_;
    MomentumRule rule_;
    std::vector<float> weights_, velocity_, gradients_;
    std::vector<std::span<float>> arrays_;
    std::vector<double> squares_, sums_;
};

}  // namespace lockstep::test
