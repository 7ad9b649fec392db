#include "gradient_sum.h"

#include <algorithm>
#include <bit>
#include <utility>

#include <lockstep/comm/exchange.h>
#include <lockstep/math/kernels.h>

namespace lockstep {

GradientSum::GradientSum(const Topology& topology, std::vector<std::span<float>> gradients,
                         std::size_t largest_slice)
    : topology_(topology),
      gradients_(std::move(gradients)),
      tree_(topology.size),
      lane_(topology, largest_slice) {
    const auto ranks = static_cast<std::size_t>(topology.size);
    map_.reserve(ranks + 1);
    parts_.reserve(2 * ranks);
    part_slices_.reserve(2 * ranks);
    for (std::size_t level = 0; level <= std::bit_width(ranks); ++level)
        scratch_.emplace_back(Exchange::kBlock);
}

void GradientSum::plan(ShardMap map) {
    if (std::ranges::equal(map, map_)) return;
    map_.assign(map.begin(), map.end());
    tree_.build(map_);
    lane_.plan(tree_);
    parts_.clear();
    tree_.parts_within(topology_.first_rank(), topology_.first_rank() + topology_.local_size(), parts_);
}

std::span<float> GradientSum::on_one_node(std::size_t offset, std::size_t size) {
    return add_up(tree_.root(), offset, size, 0);
}

/// Each of the node's parts; the sum takes the place of the part's first gradient.
void GradientSum::start(std::size_t offset, std::size_t size) {
    part_slices_.clear();
    for (const int part : parts_) {
        const auto target = place_of(part).subspan(offset, size);
        if (tree_.node(part).rank < 0)
            for (std::size_t first = 0; first < size; first += Exchange::kBlock) {
                const std::size_t count = std::min(Exchange::kBlock, size - first);
                std::ranges::copy(add_up(part, offset + first, count, 0), target.data() + first);
            }
        part_slices_.push_back(target);
    }
    if (parts_.empty()) part_slices_.push_back(result(offset, size));
    lane_.start(part_slices_);
}

/// In the place of the node's first part; a node without parts has room in this rank's own gradients.
std::span<float> GradientSum::result(std::size_t offset, std::size_t size) const {
    const auto place = parts_.empty() ? gradients_of(topology_.rank) : place_of(parts_.front());
    return place.subspan(offset, size);
}

std::span<float> GradientSum::add_up(int index, std::size_t offset, std::size_t size, std::size_t depth) {
    const ShardTree::Node& here = tree_.node(index);
    if (here.rank >= 0) return gradients_of(here.rank).subspan(offset, size);
    const auto left = add_up(here.left, offset, size, depth);
    const auto right = add_up(here.right, offset, size, depth + 1);
    const auto out = scratch_[depth].span().first(size);
    math::add(left, right, out);
    return out;
}

}  // namespace lockstep
