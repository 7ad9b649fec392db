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
    double square(const ExchangeSpec::Bucket& bucket, const ExchangeSpec::Entry& entry) const;
    std::span<float> gradient(const ExchangeSpec::Entry& entry);
    Stretch stretch(std::size_t entry);

    ExchangeScenario& scenario_;
    MomentumRule rule_;
    std::vector<float> weights_, velocity_, gradients_;
    std::vector<std::span<float>> arrays_;
    std::vector<double> squares_;
};

}  // namespace lockstep::test
