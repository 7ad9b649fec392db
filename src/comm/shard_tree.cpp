#include <algorithm>
#include <bit>

#include <lockstep/comm/shard_map.h>

namespace lockstep {

ShardTree::ShardTree(int ranks) {
    nodes_.reserve(2 * static_cast<std::size_t>(ranks));
    ranks_.reserve(static_cast<std::size_t>(ranks));
}

void ShardTree::build(ShardMap map) {
    nodes_.clear();
    ranks_.clear();
    for (std::size_t rank = 0; rank + 1 < map.size(); ++rank)
        if (map[rank + 1] > map[rank]) ranks_.push_back(static_cast<int>(rank));
    if (!ranks_.empty()) add(map, 0, ranks_.size());
}

int ShardTree::add(ShardMap map, std::size_t first, std::size_t end) {
    Node node{.first_rank = ranks_[first], .last_rank = ranks_[end - 1]};
    if (end - first == 1) {
        node.rank = ranks_[first];
    } else {
        const auto begin_of = [&](std::size_t index) { return map[static_cast<std::size_t>(ranks_[index])]; };
        const std::uint32_t shards = map[static_cast<std::size_t>(node.last_rank) + 1] - begin_of(first);
        const std::uint32_t split = begin_of(first) + std::bit_floor(shards - 1);
        std::size_t middle = first + 1;
        while (middle + 1 < end && begin_of(middle) < split) ++middle;
        node.left = add(map, first, middle);
        node.right = add(map, middle, end);
    }
    nodes_.push_back(node);
    return root();
}

void ShardTree::parts_within(int first, int end, std::vector<int>& parts) const {
    if (!empty()) collect(root(), first, end, parts);
}

void ShardTree::collect(int index, int first, int end, std::vector<int>& parts) const {
    const Node& here = node(index);
    if (here.first_rank >= first && here.last_rank < end) {
        parts.push_back(index);
    } else if (here.rank < 0) {
        collect(here.left, first, end, parts);
        collect(here.right, first, end, parts);
    }
}

}  // namespace lockstep
