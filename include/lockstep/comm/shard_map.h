#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lockstep {

/// Which shards of a batch each rank has: rank r has [begin[r], begin[r + 1]).
using ShardMap = std::span<const std::uint32_t>;

/// The binary tree in which the shards of a batch are added, seen from the ranks: a leaf is what one rank has
/// summed over its own shards. A range of n shards splits after the largest power of two below n, so that
/// with a power of two of shards the tree is the same on any number of ranks that divides it. Ranks without
/// shards are not in it.
class ShardTree {
public:
    struct Node {
        int rank = -1;  // of a leaf; -1: an inner node
        int left = -1;  // indices of inner nodes' children
        int right = -1;
        int first_rank = 0;  // of the leaves below
        int last_rank = 0;
    };

    explicit ShardTree(int ranks);

    /// Throws nothing and allocates nothing.
    void build(ShardMap map);

    bool empty() const { return nodes_.empty(); }
    int root() const { return static_cast<int>(nodes_.size()) - 1; }
    const Node& node(int index) const { return nodes_[static_cast<std::size_t>(index)]; }

    /// The roots of the largest subtrees whose ranks all lie in [first, end), left to right, appended to
    /// `parts`.
    void parts_within(int first, int end, std::vector<int>& parts) const;

private:
    int add(ShardMap map, std::size_t first, std::size_t end);
    void collect(int index, int first, int end, std::vector<int>& parts) const;

    std::vector<Node> nodes_;  // children before parents
    std::vector<int> ranks_;   // those with shards
};

}  // namespace lockstep
