#pragma once

#include <string>
#include <vector>

#include <lockstep/comm/exchange.h>
#include <lockstep/comm/step_board.h>

#include "exchange_oracle.h"
#include "exchange_scenario.h"

namespace lockstep::test {

/// One rank's part in a run of the exchange, as a trainer would do it, late by a random time wherever it can
/// be. It never stops at a failure, for that would strand the others: it collects what was wrong.
class ExchangeDriver {
public:
    static std::size_t board_bytes(const Topology& topology);

    /// The memories in common with the other ranks of the node; all must have made their drivers before
    /// anybody runs one.
    ExchangeDriver(const Topology& topology, ExchangeScenario::Options options,
                   const std::shared_ptr<NodeMemory>& board, const std::shared_ptr<NodeMemory>& exchange);

    /// Collective. All attempts.
    void run();

    const std::vector<std::string>& failures() const { return failures_; }
    /// Calls of operator new by this rank during attempts, once things have settled.
    std::size_t allocations() const { return allocations_; }

private:
    Exchange::Gate gate();
    void attempt(std::uint64_t number);
    void decide();
    void forward(ShardMap map);
    void backward(ShardMap map);
    void collect(ShardMap map);
    void install();
    void check_bucket(std::size_t bucket);
    void check_norms();
    void check(std::span<const float> actual, const std::vector<float>& expected, std::size_t offset,
               const char* what);
    void fail(const std::string& what);
    void dawdle();

    const Topology& topology_;
    ExchangeScenario scenario_;
    ExchangeOracle oracle_;
    StepBoard board_;
    MomentumRule rule_;
    Exchange exchange_;
    std::uint64_t number_ = 0;  // of the attempt
    std::uint64_t delays_ = 0;
    std::size_t allocations_ = 0;
    std::vector<std::string> failures_;
};

}  // namespace lockstep::test
