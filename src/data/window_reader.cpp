#include "window_reader.h"

#include <algorithm>

#include "sample_rows.h"

namespace lockstep {

namespace {

/// Appends the samples of a window.
auto lister(const BlockOrder& order, const BlockOrder::Range& window) {
    return [&order, window](std::vector<std::uint64_t>& samples) {
        for (std::uint64_t place = window.first; place < window.end(); ++place)
            samples.push_back(order.sequence()(place));
    };
}

}  // namespace

WindowReader::WindowReader(const Dataset& dataset, const BatchPlan::Range& mine, const Options& options)
    : dataset_(dataset), options_(options) {
    if (mine.count == 0) return;
    const BlockOrder order = order_of(0);
    first_strand_ = order.place_of(mine.first).strand;
    const std::uint64_t last = order.place_of(mine.first + mine.count - 1).strand;
    for (std::uint64_t strand = first_strand_; strand <= last; ++strand)
        strands_.emplace_back(dataset, std::min(order.most_in_window(), order.part_of(strand).count),
                              options.targets);
    for (std::uint64_t strand = first_strand_; strand <= last; ++strand) rows_ += order.rows_of(strand);
    needs_.reserve(strands_.size());
}

bool WindowReader::serves(const BlockShuffle& shuffle, std::uint64_t batch_size) {
    const BlockOrder order(batch_size, shuffle, batch_size, 0, 0);
    return order.rows_of(order.strands() - 1) <= order.most_in_window();  // the last has most rows
}

BlockOrder WindowReader::order_of(std::uint64_t pass) const {
    return {dataset_.size(), options_.shuffle, options_.batch_size, options_.seed, pass};
}

void WindowReader::read(BatchKey key, std::uint64_t position, std::span<const std::uint64_t> indices,
                        const SampleRows& out) {
    const BlockOrder order = order_of(key.pass);
    for (std::size_t row = 0; row < indices.size();) {
        const BlockOrder::Place place = order.place_of(position + row);
        const std::uint64_t left = order.window_of(place).end() - place.place;
        const std::size_t count = std::min({indices.size() - row, place.run, left});
        copy(key.pass, place, indices.subspan(row, count), part_of(out, row, count));
        row += count;
    }
    read_ahead(key);
}

/// Samples of one window, the one that `place` lies in.
void WindowReader::copy(std::uint64_t pass, const BlockOrder::Place& place,
                        std::span<const std::uint64_t> indices, const SampleRows& out) {
    // A small last batch may be cut into fewer shards: some of its samples are of another rank's strands.
    const bool is_mine = place.strand >= first_strand_ && place.strand < first_strand_ + strands_.size();
    if (!is_mine) return dataset_.read(indices, out);
    const BlockOrder order = order_of(pass);
    const BlockOrder::Range window = order.window_of(place);
    SampleWindow& samples =
        strands_[place.strand - first_strand_].current({pass, window.first}, lister(order, window));
    samples.load(dataset_, samples.size());
    for (std::size_t row = 0; row < indices.size(); ++row) samples.copy(indices[row], row, out);
}

/// After the batch `key`: as many samples as it took, of the window that will be needed first, so that a
/// block is read from its beginning to its end before another one. (Earliest deadline first: as much is read
/// as is taken, so every window is there in time.)
void WindowReader::read_ahead(BatchKey key) {
    const BlockOrder order = order_of(key.pass), next_pass = order_of(key.pass + 1);
    needs_.clear();
    for (std::size_t mine = 0; mine < strands_.size(); ++mine)
        needs_.push_back(need_of(mine, key, order, next_pass));
    std::ranges::sort(needs_);
    std::size_t left = rows_;
    for (const Need& need : needs_) {
        const std::size_t count = std::min(left, need.window->missing());
        need.window->load(dataset_, need.window->size() - need.window->missing() + count);
        left -= count;
    }
}

/// The next window of one of this rank's strands after the batch `key`.
WindowReader::Need WindowReader::need_of(std::size_t mine, BatchKey key, const BlockOrder& order,
                                         const BlockOrder& next_pass) {
    const std::uint64_t strand = first_strand_ + mine, rows = order.rows_of(strand);
    const BlockOrder::Range part = order.part_of(strand);
    const std::uint64_t taken = std::min((key.batch + 1) * rows, part.count);
    const BlockOrder::Range window = order.window_of({.strand = strand, .place = part.first + taken - 1});
    const bool is_last = window.end() == part.end();
    const BlockOrder& order_of_next = is_last ? next_pass : order;
    const BlockOrder::Range next =
        order_of_next.window_of({.strand = strand, .place = is_last ? part.first : window.end()});
    const WindowKey name{key.pass + (is_last ? 1 : 0), next.first};
    return {.batch = (window.end() - part.first) / rows,
            .strand = strand,
            .window = &strands_[mine].next(name, lister(order_of_next, next))};
}

}  // namespace lockstep
