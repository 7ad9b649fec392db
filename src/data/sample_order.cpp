#include <lockstep/core/error.h>
#include <lockstep/data/sample_order.h>

namespace lockstep {

void check_shuffle(const Shuffle& shuffle) {
    const auto* blocks = std::get_if<BlockShuffle>(&shuffle);
    if (blocks != nullptr && (blocks->block == 0 || blocks->window == 0))
        throw ConfigError("shuffle: expected a block and a window of at least 1, got 0");
}

SampleOrder::SampleOrder(std::uint64_t size, const Shuffle& shuffle, std::uint64_t batch_size,
                         std::uint64_t seed, std::uint64_t pass) {
    if (const auto* blocks = std::get_if<BlockShuffle>(&shuffle))
        order_.emplace<BlockOrder>(size, *blocks, batch_size, seed, pass);
    else if (std::get<bool>(shuffle))
        order_.emplace<Permutation>(size, seed, pass);
}

std::uint64_t SampleOrder::operator()(std::uint64_t position) const {
    return std::visit([&](const auto& order) { return order(position); }, order_);
}

}  // namespace lockstep
