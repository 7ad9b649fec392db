#include <lockstep/core/random.h>
#include <lockstep/data/block_sequence.h>

namespace lockstep {

namespace {

/// A number in [0, count) from two random words.
std::uint64_t below(std::uint64_t count, std::uint32_t high, std::uint32_t low) {
    const auto word = (std::uint64_t{high} << 32) | low;
    return word % count;  // count is far below 2^64: the bias is nothing
}

}  // namespace

BlockSequence::BlockSequence(std::uint64_t size, std::uint64_t block, std::uint64_t seed, std::uint64_t pass)
    : block_(block), full_(size / block), rest_(size % block), rest_block_(full_), order_(full_, seed, pass) {
    if (rest_ == 0) return;
    const auto words = RandomStream(seed, Purpose::shuffle, 0, pass).words(0, 1);
    rest_block_ = below(full_ + 1, words[0], words[1]);
}

std::uint64_t BlockSequence::block_of(std::uint64_t place) const {
    const std::uint64_t rest_begin = rest_block_ * block_;
    if (place < rest_begin) return place / block_;
    if (place < rest_begin + rest_) return rest_block_;
    return (place - rest_) / block_ + (rest_ > 0 ? 1 : 0);
}

std::uint64_t BlockSequence::begin_of(std::uint64_t block) const {
    return block <= rest_block_ ? block * block_ : (block - 1) * block_ + rest_;
}

std::uint64_t BlockSequence::operator()(std::uint64_t place) const {
    const std::uint64_t block = block_of(place);
    const std::uint64_t offset = place - begin_of(block);
    if (block == rest_block_) return full_ * block_ + offset;
    return order_(block < rest_block_ ? block : block - 1) * block_ + offset;
}

}  // namespace lockstep
