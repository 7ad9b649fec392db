#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include <lockstep/comm/node_memory.h>
#include <lockstep/comm/shard_map.h>
#include <lockstep/comm/topology.h>
#include <lockstep/comm/update_rule.h>
#include <lockstep/comm/waiter.h>

namespace lockstep {

class GradientSum;
class PieceUpdater;
struct ExchangeLayout;

/// What an exchange is about.
struct ExchangeSpec {
    struct Entry {
        std::size_t offset;  // in the store
        std::size_t size;
        bool updated;          // by the rule; others never change
        bool measured = true;  // counts in the norms
        bool whole = false;    // one rank updates all of it, and may then change it as a whole
    };
    /// A range of the store whose gradients become ready together.
    struct Bucket {
        std::size_t offset, size;
        std::size_t first_entry, entries;  // its weights, in `entries`
    };
    std::vector<Entry> entries;
    std::vector<Bucket> buckets;  // in the order of the layers; published last first
    std::size_t store = 0;        // elements
    std::size_t arrays = 0;       // values kept per element besides the weight
    bool two_phase = false;       // the update needs norms of the whole gradient
    std::size_t sums = 0;         // of each weight for UpdateRule::set_sums(); they need two phases
    bool measure = false;         // norms are wanted, but the update does not wait for them
};

/// Part of one weight within one block.
struct ExchangePiece {
    std::size_t entry;   // the weight
    std::size_t offset;  // in the store
    std::size_t size;
    std::size_t sum;  // number of its partial sum
};

/// What one rank owns of one bucket.
struct ExchangeSlice {
    std::size_t offset = 0;  // in the store
    std::size_t size = 0;
    std::vector<ExchangePiece> pieces;
    std::vector<std::size_t> whole_entries;  // those that stay whole
};

/// Turns every shard's gradients into the next weights.
///
/// On a node the weights exist once, in memory that its ranks share, and so do the ranks' gradients. When all
/// ranks of the node have published a bucket, each sums its slice over the ranks, in the shards' tree; ranks
/// with the same slice on other nodes do the rest of the tree along their lane; then the slice is updated in
/// place. Nothing is gathered: the next forward pass reads the one copy, each layer as soon as its bucket is
/// updated (a flag, not a barrier).
///
/// With a topology of single-rank nodes the same algorithm is the private-copy exchange: the lane does the
/// whole sum, and every rank updates everything.
class Exchange {
public:
    /// Unit of slicing and of partial sums, in elements.
    static constexpr std::size_t kBlock = 4096;

    /// What rank 0 has decided of an attempt: not heard yet; apply its update; drop it.
    enum class Gate { closed, open, drop };

    static std::size_t bytes_needed(const Topology& topology, const ExchangeSpec& spec);

    /// `memory` has bytes_needed() bytes, in common with the other ranks of the node; this zeroes the parts
    /// that this rank owns, and all ranks must meet before the first attempt. `gate` is asked whenever an
    /// update could begin; `topology`, `rule`, `waiter` must outlive the exchange.
    Exchange(const Topology& topology, ExchangeSpec spec, std::shared_ptr<NodeMemory> memory,
             UpdateRule& rule, Waiter& waiter, std::function<Gate()> gate);
    ~Exchange();
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    const ExchangeSpec& spec() const { return spec_; }
    /// Whether squared_norms() is wanted of one-phase updates too. The same on all ranks, between attempts.
    void measure_norms(bool wanted) { spec_.measure = wanted; }
    /// Whether kept_gradients() is wanted. The same on all ranks, between attempts.
    void keep_gradients(bool wanted) { keeps_gradients_ = wanted; }
    /// The one copy of the node. Write only while all ranks meet.
    std::span<float> weights() const;
    /// The same for the values kept per element.
    std::span<float> array(std::size_t index) const;
    /// This rank's gradients, laid out like the store.
    std::span<float> gradients() const;

    /// Every rank, for growing attempt numbers.
    void begin(std::uint64_t attempt, ShardMap map);
    /// Before the bucket's weights are read, or its gradients written: waits for the last update.
    void await(std::size_t bucket);
    void await_all();
    /// This rank's gradients of the bucket are complete. In the order of the layers, last first, each bucket
    /// once per attempt.
    void publish(std::size_t bucket);
    /// Does what can be done without waiting.
    void progress();
    /// Waits for the gate and completes this rank's part. False if the attempt was dropped; then all ranks
    /// must meet before the next one, for some may still be about to learn it.
    bool finish();

    /// Squared norms of the last attempt's prepared gradients, by entry; needs two_phase or measure. Call
    /// after await_all(). Valid until the next call.
    std::span<const double> squared_norms();

    /// What the rule was given in the last attempt, the sum over all ranks as prepare() and apply() left it;
    /// on rank 0, if it is kept. Call after await_all(); valid until this rank's next backward pass.
    std::span<const float> kept_gradients() const;

private:
    class Flags;

    void lay_out(const ExchangeLayout& layout);
    void zero_own_parts();
    bool advance(std::size_t bucket);
    void update_in_one_pass(const ExchangeSlice& slice);
    void first_phase(const ExchangeSlice& slice);
    void second_phase();
    void apply(const ExchangePiece& piece, std::span<float> gradient);
    void complete(std::size_t bucket);

    const Topology& topology_;
    ExchangeSpec spec_;
    std::shared_ptr<NodeMemory> memory_;
    UpdateRule& rule_;
    Waiter& waiter_;
    std::function<Gate()> gate_;

    std::unique_ptr<Flags> flags_;
    std::unique_ptr<GradientSum> sum_;
    std::unique_ptr<PieceUpdater> updater_;
    std::vector<ExchangeSlice> slices_;  // this rank's, by bucket

    std::uint64_t attempt_ = 0;
    std::uint64_t applied_ = 0;  // the last attempt whose update was made
    std::size_t done_ = 0;       // buckets of this attempt that are through the first phase
    bool summing_ = false;       // the next one is on its way along the lane
    bool in_progress_ = false;
    bool keeps_gradients_ = false;
};

}  // namespace lockstep
