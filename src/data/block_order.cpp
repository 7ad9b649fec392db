#include <algorithm>

#include <lockstep/core/random.h>
#include <lockstep/data/block_order.h>

namespace lockstep {

namespace {

/// A number in [0, count) from two random words.
std::uint64_t below(std::uint64_t count, std::uint32_t high, std::uint32_t low) {
    const auto word = (std::uint64_t{high} << 32) | low;
    return word % count;  // count is far below 2^64: the bias is nothing
}

}  // namespace

BlockOrder::BlockOrder(std::uint64_t size, const BlockShuffle& shuffle, std::uint64_t seed,
                       std::uint64_t pass)
    : block_(shuffle.block),
      window_(shuffle.window),
      seed_(seed),
      pass_(pass),
      full_(size / shuffle.block),
      rest_(size % shuffle.block),
      rest_place_(full_),
      blocks_(full_, seed, pass) {
    if (rest_ == 0) return;
    const auto words = RandomStream(seed, Purpose::shuffle, 0, pass).words(0, 1);
    rest_place_ = below(full_ + 1, words[0], words[1]);
}

/// In the order of the blocks, before samples are mixed: the block that holds `position`.
std::uint64_t BlockOrder::place_of(std::uint64_t position) const {
    const std::uint64_t rest_begin = rest_place_ * block_;
    if (position < rest_begin) return position / block_;
    if (position < rest_begin + rest_) return rest_place_;
    return (position - rest_) / block_ + 1;
}

std::uint64_t BlockOrder::begin_of(std::uint64_t place) const {
    return place <= rest_place_ ? place * block_ : (place - 1) * block_ + rest_;
}

BlockOrder::Window BlockOrder::window_of(std::uint64_t position) const {
    const std::uint64_t number = place_of(position) / window_;
    const std::uint64_t blocks = full_ + (rest_ > 0 ? 1 : 0);
    const std::uint64_t first = begin_of(number * window_);
    const std::uint64_t left = blocks - number * window_;
    return {number, first, begin_of(number * window_ + std::min(window_, left)) - first};
}

std::uint64_t BlockOrder::operator()(std::uint64_t position) const {
    const Window window = window_of(position);
    const Permutation mixed(window.count, seed_, pass_, window.number + 1);
    const std::uint64_t unmixed = window.first + mixed(position - window.first);
    const std::uint64_t place = place_of(unmixed);
    const std::uint64_t offset = unmixed - begin_of(place);
    if (place == rest_place_) return full_ * block_ + offset;
    return blocks_(place < rest_place_ ? place : place - 1) * block_ + offset;
}

}  // namespace lockstep
