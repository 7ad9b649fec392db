#include <algorithm>

#include <lockstep/comm/exchange.h>

#include "exchange_memory.h"
#include "gradient_sum.h"
#include "piece_updater.h"

namespace lockstep {

std::size_t Exchange::bytes_needed(const Topology& topology, const ExchangeSpec& spec) {
    return ExchangeLayout(topology, spec).bytes;
}

Exchange::Exchange(const Topology& topology, ExchangeSpec spec, std::shared_ptr<NodeMemory> memory,
                   UpdateRule& rule, Waiter& waiter, std::function<Gate()> gate)
    : topology_(topology),
      spec_(std::move(spec)),
      memory_(std::move(memory)),
      rule_(rule),
      waiter_(waiter),
      gate_(std::move(gate)),
      done_(spec_.buckets.size()) {
    lay_out(ExchangeLayout(topology_, spec_));
    zero_own_parts();
    if (topology_.lane) waiter_.add_poll([this] { progress(); });
}

Exchange::~Exchange() = default;

void Exchange::lay_out(const ExchangeLayout& layout) {
    std::size_t largest = 0;
    for (std::size_t bucket = 0; bucket < spec_.buckets.size(); ++bucket) {
        slices_.push_back(layout.slice(bucket, topology_.has_lane() ? topology_.local_rank : -1));
        largest = std::max(largest, slices_.back().size);
    }
    std::vector<std::span<float>> gradients;
    for (const std::size_t offset : layout.gradients)
        gradients.push_back(memory_->at<float>(offset, spec_.store));
    flags_ = std::make_unique<Flags>(layout, *memory_, topology_, spec_.buckets.size());
    sum_ = std::make_unique<GradientSum>(topology_, std::move(gradients), largest);
    updater_ = std::make_unique<PieceUpdater>(layout, spec_, *memory_, rule_);
}

/// Each page is first touched by its owner.
void Exchange::zero_own_parts() {
    for (const ExchangeSlice& slice : slices_) updater_->zero(slice);
    std::ranges::fill(gradients(), 0.0F);
    flags_->zero_own();
}

std::span<float> Exchange::weights() const {
    return updater_->weights();
}
std::span<float> Exchange::array(std::size_t index) const {
    return updater_->array(index);
}
std::span<float> Exchange::gradients() const {
    return sum_->gradients(topology_.local_rank);
}
std::span<const float> Exchange::kept_gradients() const {
    return sum_->gradients(0);
}
std::span<const double> Exchange::squared_norms() {
    return updater_->squared_norms();
}

void Exchange::begin(std::uint64_t attempt, ShardMap map) {
    attempt_ = attempt;
    done_ = 0;
    summing_ = false;
    sum_->plan(map);
}

void Exchange::await(std::size_t bucket) {
    waiter_.until([&] { return flags_->is_updated(bucket, applied_); });
}

void Exchange::await_all() {
    for (std::size_t bucket = 0; bucket < spec_.buckets.size(); ++bucket) await(bucket);
}

void Exchange::publish(std::size_t bucket) {
    waiter_.bell().set(flags_->published(bucket), attempt_);
    progress();
}

void Exchange::progress() {
    if (in_progress_) return;  // a wait inside of a step forward polls, and comes back here
    in_progress_ = true;
    const std::size_t buckets = spec_.buckets.size();
    while (done_ < buckets && advance(buckets - 1 - done_)) ++done_;
    in_progress_ = false;
}

/// One step for the bucket that is next in publishing order. True when it is through the first phase.
bool Exchange::advance(std::size_t bucket) {
    const ExchangeSlice& slice = slices_[bucket];
    if (!summing_) {
        if (!flags_->all_published(bucket, attempt_) || gate_() != Gate::open) return false;
        if (!topology_.has_lane()) return true;
        if (!spec_.two_phase && !topology_.lane) {
            update_in_one_pass(slice);
            complete(bucket);
            return true;
        }
        sum_->start(slice.offset, slice.size);
        summing_ = true;
    }
    if (!sum_->advance()) return false;
    summing_ = false;
    first_phase(slice);
    if (!spec_.two_phase) complete(bucket);
    return true;
}

bool Exchange::finish() {
    const std::size_t buckets = spec_.buckets.size();
    waiter_.until([&] {
        if (gate_() == Gate::drop) return true;
        progress();
        return done_ == buckets && gate_() == Gate::open;
    });
    if (gate_() == Gate::drop) {
        done_ = buckets;  // between attempts the gate may speak of the next one, and progress() ask it
        return false;
    }
    applied_ = attempt_;
    if (spec_.two_phase) second_phase();
    return true;
}

/// The whole way of a slice while it is in cache: sum over the node, prepare, update.
void Exchange::update_in_one_pass(const ExchangeSlice& slice) {
    if (sum_->empty()) return;
    for (const auto& piece : slice.pieces) {
        const auto gradient = sum_->on_one_node(piece.offset, piece.size);
        updater_->prepare(piece, gradient);
        apply(piece, gradient);
    }
}

void Exchange::first_phase(const ExchangeSlice& slice) {
    if (sum_->empty()) return;
    for (const auto& piece : slice.pieces) {
        const auto gradient = sum_->result(piece.offset, piece.size);
        updater_->prepare(piece, gradient);
        if (!spec_.two_phase) apply(piece, gradient);
    }
}

void Exchange::second_phase() {
    if (topology_.has_lane()) waiter_.bell().set(flags_->reduced(), attempt_);
    waiter_.until([this] { return flags_->all_reduced(attempt_); });
    rule_.set_norms(squared_norms());
    if (spec_.sums > 0) rule_.set_sums(updater_->rule_sums());
    if (!topology_.has_lane()) return;
    for (std::size_t bucket = 0; bucket < slices_.size(); ++bucket) {
        if (!sum_->empty())
            for (const auto& piece : slices_[bucket].pieces)
                apply(piece, sum_->result(piece.offset, piece.size));
        complete(bucket);
    }
}

/// The node's first rank gets what is kept: its gradients are summed by now, and it writes new ones only when
/// it has begun the next attempt.
void Exchange::apply(const ExchangePiece& piece, std::span<float> gradient) {
    updater_->apply(piece, gradient);
    if (!keeps_gradients_) return;
    const auto kept = sum_->gradients(0).subspan(piece.offset, piece.size);
    if (kept.data() != gradient.data()) std::ranges::copy(gradient, kept.begin());
}

/// All of this rank's pieces of the bucket were applied.
void Exchange::complete(std::size_t bucket) {
    if (!sum_->empty()) updater_->complete(slices_[bucket]);
    waiter_.bell().set(flags_->updated(bucket), attempt_);
}

}  // namespace lockstep
