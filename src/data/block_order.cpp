#include <algorithm>
#include <bit>

#include <lockstep/data/block_order.h>

namespace lockstep {

BlockOrder::BlockOrder(std::uint64_t size, const BlockShuffle& shuffle, std::uint64_t batch_size,
                       std::uint64_t seed, std::uint64_t pass)
    : size_(size),
      batch_size_(std::min(batch_size, std::max<std::uint64_t>(size, 1))),
      strands_(std::bit_floor(std::min(batch_size_, shuffle.window))),
      block_(shuffle.block),
      window_((shuffle.window + strands_ - 1) / strands_),
      seed_(seed),
      pass_(pass),
      sequence_(size, shuffle.block, seed, pass) {}

/// Samples before a strand in a batch of `samples`.
std::uint64_t BlockOrder::before(std::uint64_t strand, std::uint64_t samples) const {
    return strand * samples / strands_;
}

std::uint64_t BlockOrder::rows_of(std::uint64_t strand) const {
    return before(strand + 1, batch_size_) - before(strand, batch_size_);
}

BlockOrder::Range BlockOrder::part_of(std::uint64_t strand) const {
    const std::uint64_t batches = size_ / batch_size_, rest = size_ % batch_size_;
    const auto begin_of = [&](std::uint64_t number) {
        return batches * before(number, batch_size_) + before(number, rest);
    };
    const std::uint64_t first = begin_of(strand);
    return {first, begin_of(strand + 1) - first};
}

BlockOrder::Place BlockOrder::place_of(std::uint64_t position) const {
    const std::uint64_t batch = position / batch_size_, row = position % batch_size_;
    const std::uint64_t samples = std::min(batch_size_, size_ - batch * batch_size_);
    const std::uint64_t strand = ((row + 1) * strands_ - 1) / samples;  // the last that begins by then
    return {.strand = strand,
            .place = part_of(strand).first + batch * rows_of(strand) + row - before(strand, samples),
            .run = before(strand + 1, samples) - row};
}

BlockOrder::Range BlockOrder::window_of(const Place& place) const {
    const Range part = part_of(place.strand);
    const std::uint64_t first_block = sequence_.block_of(part.first);
    const std::uint64_t number = (sequence_.block_of(place.place) - first_block) / window_;
    const std::uint64_t block = first_block + number * window_;
    const std::uint64_t begin = std::max(part.first, sequence_.begin_of(block));
    const std::uint64_t end = sequence_.begin_of(std::min(block + window_, sequence_.blocks()));
    return {begin, std::min(part.end(), end) - begin};
}

std::uint64_t BlockOrder::operator()(std::uint64_t position) const {
    const Place place = place_of(position);
    const Range window = window_of(place);
    const Permutation mixed(window.count, seed_, pass_, window.first + 1);  // 0 is that of the blocks
    return sequence_(window.first + mixed(place.place - window.first));
}

}  // namespace lockstep
