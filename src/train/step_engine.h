#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <lockstep/comm/batch_sum.h>
#include <lockstep/comm/exchange.h>
#include <lockstep/comm/session.h>
#include <lockstep/comm/step_board.h>
#include <lockstep/nn/batch_sums.h>
#include <lockstep/nn/optimizer.h>
#include <lockstep/nn/sequential.h>
#include <lockstep/train/trainer.h>

#include "optimizer_rule.h"
#include "step_control.h"

namespace lockstep {

/// What a layer sums over the batch, along the ranks.
class SumsOverRanks final : public BatchSums {
public:
    /// Collective. As BatchSum.
    SumsOverRanks(const Communicator& world, Waiter& waiter, std::size_t most_shards,
                  std::size_t most_numbers)
        : sum_(world, waiter, most_shards, most_numbers) {}

    void begin(ShardMap map) { sum_.begin(map); }
    void add(std::span<const double> mine, std::span<double> sum) override { sum_.add(mine, sum); }

private:
    BatchSum sum_;
};

/// The ranks' common work on a batch, one attempt after the other: rank 0's control, everybody's telemetry,
/// and the exchange of gradients. An attempt is one begun forward pass; attempts are numbered in a row, over
/// dropped ones, evaluations and calls of fit.
class StepEngine {
public:
    /// A signal (StopSignals) and the rank that it came to; 0: none.
    struct RankSignal {
        int rank = 0;
        int signal = 0;
    };

    struct Options {
        std::size_t most_shards;        // of a batch
        std::size_t numbers_per_shard;  // that go to rank 0
        ExchangeMode exchange;
        bool guarded = false;  // no update is made with a gradient that is not finite
    };

    /// Collective. `model` is built; weights are zero. Throws ConfigError if memory cannot be shared as
    /// wished.
    StepEngine(Session& session, const Sequential& model, const Optimizer& optimizer, Options options);

    const Topology& topology() const { return topology_; }
    bool shares_memory() const { return shared_; }
    std::size_t node_bytes() const { return node_bytes_; }
    bool is_root() const { return topology_.rank == 0; }
    Exchange& exchange() { return *exchange_; }
    Waiter& waiter() { return board_->waiter(); }

    // One attempt, in this order
    // --------------------------------------------------------------------------------

    /// On every rank. `map` must stay until the next attempt; `samples`: of the batch, over all ranks.
    void begin(ShardMap map, std::uint64_t samples);
    /// On rank 0.
    void publish(const StepControl& control);
    /// The numbers of one of this rank's shards, zero at first.
    std::span<double> numbers(std::size_t shard) { return board_->telemetry().shard(shard); }
    /// Null if no layer of the model sums over the batch.
    BatchSums* batch_sums() { return batch_sums_.get(); }
    /// On every rank, after the forward pass. With them goes the signal that has come to this rank, if any.
    void send_numbers();
    /// On every rank, after all buckets were published. False: the attempt was dropped.
    bool finish_update();
    /// On every rank, instead of finish_update(), if the attempt updates nothing.
    bool finish_without_update();
    /// What rank 0 decided; valid after finish.
    const StepControl& control() const { return control_; }
    /// Whether it is known already that the attempt is dropped; with batch_sums(), all ranks know it.
    bool is_dropped();
    /// On rank 0, after finish: the numbers added up over the shards. Valid until the next attempt.
    std::span<const double> collect();
    /// On rank 0, after collect(): of the first rank that one came to.
    RankSignal stop_signal() const;

    // Between attempts, collective
    // --------------------------------------------------------------------------------

    /// Puts the weights of rank 0 into every node's store.
    void install(std::span<const float> weights);
    /// Runs `write` on one rank of each node, which may write weights and slots; the others wait.
    template <typename Write>
    void write_store(Write&& write) {
        exchange_->await_all();
        board_->meeting().meet();
        board_->meeting().meet_around(std::forward<Write>(write));
    }

    OptimizerRule& rule() { return rule_; }

private:
    Topology choose_topology(Session& session, const Options& options);
    Exchange::Gate gate();

    OptimizerRule rule_;
    bool shared_ = false;
    std::size_t node_bytes_ = 0;
    ExchangeSpec spec_;
    Topology topology_;
    std::unique_ptr<StepBoard> board_;
    std::unique_ptr<Exchange> exchange_;
    std::unique_ptr<SumsOverRanks> batch_sums_;

    std::uint64_t attempt_ = 0;
    std::uint64_t samples_ = 1;
    bool control_known_ = false;
    StepControl control_;
    std::vector<double> numbers_;
};

}  // namespace lockstep
