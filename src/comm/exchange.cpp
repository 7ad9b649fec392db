#include <algorithm>
#include <bit>

#include <lockstep/comm/exchange.h>
#include <lockstep/math/kernels.h>

#include "exchange_memory.h"
#include "lane_sum.h"

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
      tree_(topology.size) {
    const ExchangeLayout layout(topology_, spec_);
    weights_ = memory_->at<float>(layout.weights, spec_.store);
    for (const std::size_t offset : layout.arrays) arrays_.push_back(memory_->at<float>(offset, spec_.store));
    for (const std::size_t offset : layout.gradients)
        gradients_.push_back(memory_->at<float>(offset, spec_.store));
    sums_ = memory_->at<double>(layout.sums, layout.piece_entry.size());
    rule_sums_ = memory_->at<double>(layout.rule_sums, layout.piece_entry.size() * spec_.sums);
    piece_entry_ = layout.piece_entry;
    flags_ = std::make_unique<Flags>(layout, *memory_, topology_, spec_.buckets.size());

    done_ = spec_.buckets.size();
    map_.reserve(static_cast<std::size_t>(topology_.size) + 1);
    parts_.reserve(2 * static_cast<std::size_t>(topology_.size));
    part_slices_.reserve(2 * static_cast<std::size_t>(topology_.size));
    stretch_arrays_.resize(spec_.arrays);
    squares_.resize(spec_.entries.size());
    totals_.resize(spec_.entries.size() * spec_.sums);
    const auto levels = std::bit_width(static_cast<unsigned>(topology_.size)) + 1U;
    for (unsigned level = 0; level < levels; ++level) scratch_.emplace_back(kBlock);
    lay_out_slices(layout);
    zero_own_parts();
}

Exchange::~Exchange() = default;

void Exchange::lay_out_slices(const ExchangeLayout& layout) {
    std::size_t largest = 0;
    for (std::size_t bucket = 0; bucket < spec_.buckets.size(); ++bucket) {
        slices_.push_back(layout.slice(bucket, topology_.has_lane() ? topology_.local_rank : -1));
        largest = std::max(largest, slices_.back().size);
    }
    lane_ = std::make_unique<LaneSum>(topology_, topology_.has_lane() ? largest : 0);
    if (topology_.lane) waiter_.add_poll([this] { progress(); });
}

/// Each page is first touched by its owner.
void Exchange::zero_own_parts() {
    for (const ExchangeSlice& slice : slices_) {
        std::ranges::fill(weights_.subspan(slice.offset, slice.size), 0.0F);
        for (const auto array : arrays_) std::ranges::fill(array.subspan(slice.offset, slice.size), 0.0F);
        for (const auto& piece : slice.pieces) {
            sums_[piece.sum] = 0.0;
            std::ranges::fill(rule_sums_.subspan(piece.sum * spec_.sums, spec_.sums), 0.0);
        }
    }
    std::ranges::fill(gradients(), 0.0F);
    flags_->zero_own();
}

void Exchange::begin(std::uint64_t attempt, ShardMap map) {
    attempt_ = attempt;
    done_ = 0;
    summing_ = false;
    if (std::ranges::equal(map, map_)) return;
    map_.assign(map.begin(), map.end());
    tree_.build(map_);
    lane_->plan(tree_);
    parts_.clear();
    tree_.parts_within(topology_.first_rank(), topology_.first_rank() + topology_.local_size(), parts_);
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
        sum_on_node(slice);
        summing_ = true;
    }
    if (!lane_->advance()) return false;
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
        done_ =
            buckets;  // progress() is called between attempts too, when the gate may speak of the next one
        return false;
    }
    applied_ = attempt_;
    if (spec_.two_phase) second_phase();
    return true;
}

/// The whole way of a slice while it is in cache: sum over the node, prepare, update.
void Exchange::update_in_one_pass(const ExchangeSlice& slice) {
    if (tree_.empty()) return;
    for (const auto& piece : slice.pieces) {
        const auto gradient = sum_tree(tree_.root(), piece.offset, piece.size, 0);
        prepare(piece, gradient);
        apply(piece, gradient);
    }
}

/// Sums each of the node's parts over its ranks; the sum takes the place of the part's first gradient.
void Exchange::sum_on_node(const ExchangeSlice& slice) {
    part_slices_.clear();
    for (const int part : parts_) {
        const auto first = static_cast<std::size_t>(tree_.node(part).first_rank - topology_.first_rank());
        const auto target = gradients_[first].subspan(slice.offset, slice.size);
        if (tree_.node(part).rank < 0)
            for (std::size_t offset = 0; offset < slice.size; offset += kBlock) {
                const std::size_t size = std::min(kBlock, slice.size - offset);
                const auto sum = sum_tree(part, slice.offset + offset, size, 0);
                std::ranges::copy(sum, target.data() + offset);
            }
        part_slices_.push_back(target);
    }
    if (parts_.empty()) part_slices_.push_back(gradients().subspan(slice.offset, slice.size));
    lane_->start(part_slices_);
}

std::span<float> Exchange::sum_tree(int index, std::size_t offset, std::size_t size, std::size_t depth) {
    const ShardTree::Node& here = tree_.node(index);
    if (here.rank >= 0)
        return gradients_[static_cast<std::size_t>(here.rank - topology_.first_rank())].subspan(offset, size);
    const auto left = sum_tree(here.left, offset, size, depth);
    const auto right = sum_tree(here.right, offset, size, depth + 1);
    const auto out = scratch_[depth].span().first(size);
    math::add(left, right, out);
    return out;
}

/// The slice's sum is there, in the place of the first part.
void Exchange::first_phase(const ExchangeSlice& slice) {
    if (tree_.empty()) return;
    for (const auto& piece : slice.pieces) {
        const auto gradient = part_slices_.front().subspan(piece.offset - slice.offset, piece.size);
        prepare(piece, gradient);
        if (!spec_.two_phase) apply(piece, gradient);
    }
}

void Exchange::prepare(const ExchangePiece& piece, std::span<float> gradient) {
    rule_.prepare(stretch(piece), gradient);
    if (!spec_.entries[piece.entry].measured) return;
    if (spec_.two_phase || spec_.measure) sums_[piece.sum] = math::sum_of_squares(gradient);
    if (spec_.sums > 0)
        rule_.measure(stretch(piece), gradient, rule_sums_.subspan(piece.sum * spec_.sums, spec_.sums));
}

/// The node's first rank gets what is kept: its gradients are summed by now, and it writes new ones only when
/// it has begun the next attempt.
void Exchange::apply(const ExchangePiece& piece, std::span<float> gradient) {
    rule_.apply(stretch(piece), gradient);
    if (!keeps_gradients_) return;
    const auto kept = gradients_.front().subspan(piece.offset, piece.size);
    if (kept.data() != gradient.data()) std::ranges::copy(gradient, kept.begin());
}

void Exchange::second_phase() {
    if (topology_.has_lane()) waiter_.bell().set(flags_->reduced(), attempt_);
    waiter_.until([this] { return flags_->all_reduced(attempt_); });
    rule_.set_norms(squared_norms());
    if (spec_.sums > 0) rule_.set_sums(add_up_sums());
    if (!topology_.has_lane()) return;
    for (std::size_t bucket = 0; bucket < slices_.size(); ++bucket) {
        const ExchangeSlice& slice = slices_[bucket];
        if (!tree_.empty())
            for (const auto& piece : slice.pieces)
                apply(piece, summed_gradient(slice).subspan(piece.offset - slice.offset, piece.size));
        complete(bucket);
    }
}

/// Where sum_on_node() left the slice's sum.
std::span<float> Exchange::summed_gradient(const ExchangeSlice& slice) const {
    const int first = parts_.empty() ? topology_.rank : tree_.node(parts_.front()).first_rank;
    return gradients_[static_cast<std::size_t>(first - topology_.first_rank())].subspan(slice.offset,
                                                                                        slice.size);
}

Stretch Exchange::stretch(const ExchangePiece& piece) {
    for (std::size_t index = 0; index < arrays_.size(); ++index)
        stretch_arrays_[index] = arrays_[index].subspan(piece.offset, piece.size);
    return {.entry = piece.entry,
            .weights = weights_.subspan(piece.offset, piece.size),
            .arrays = stretch_arrays_};
}

std::span<const double> Exchange::squared_norms() {
    std::ranges::fill(squares_, 0.0);
    for (std::size_t piece = 0; piece < piece_entry_.size(); ++piece)
        squares_[piece_entry_[piece]] += sums_[piece];
    return squares_;
}

std::span<const double> Exchange::add_up_sums() {
    std::ranges::fill(totals_, 0.0);
    for (std::size_t piece = 0; piece < piece_entry_.size(); ++piece)
        for (std::size_t sum = 0; sum < spec_.sums; ++sum)
            totals_[piece_entry_[piece] * spec_.sums + sum] += rule_sums_[piece * spec_.sums + sum];
    return totals_;
}

/// All of this rank's stretches of the bucket were applied.
void Exchange::complete(std::size_t bucket) {
    if (!tree_.empty())
        for (const std::size_t index : slices_[bucket].whole_entries) {
            const ExchangeSpec::Entry& entry = spec_.entries[index];
            rule_.complete(index, weights_.subspan(entry.offset, entry.size));
        }
    waiter_.bell().set(flags_->updated(bucket), attempt_);
}

}  // namespace lockstep
