#include <fmt/format.h>
#include <gmock/gmock.h>

#include <lockstep/comm/shard_map.h>

namespace lockstep::test {
namespace {

/// "((0 1) (2 3))": the ranks as they are added.
std::string text(const ShardTree& tree, int index) {
    const ShardTree::Node& node = tree.node(index);
    if (node.rank >= 0) return std::to_string(node.rank);
    return fmt::format("({} {})", text(tree, node.left), text(tree, node.right));
}

std::string tree_of(const std::vector<std::uint32_t>& map) {
    ShardTree tree(static_cast<int>(map.size()) - 1);
    tree.build(map);
    return tree.empty() ? "" : text(tree, tree.root());
}

std::vector<std::string> parts_of(const std::vector<std::uint32_t>& map, int first, int end) {
    ShardTree tree(static_cast<int>(map.size()) - 1);
    tree.build(map);
    std::vector<int> parts;
    tree.parts_within(first, end, parts);
    std::vector<std::string> texts;
    for (const int part : parts) texts.push_back(text(tree, part));
    return texts;
}

TEST(ShardTree, IsBalancedForPowersOfTwo) {
    EXPECT_EQ(tree_of({0, 1}), "0");
    EXPECT_EQ(tree_of({0, 4, 8}), "(0 1)");
    EXPECT_EQ(tree_of({0, 1, 2, 3, 4}), "((0 1) (2 3))");
    EXPECT_EQ(tree_of({0, 2, 4, 6, 8}), "((0 1) (2 3))");
}

TEST(ShardTree, SplitsAfterTheLargestPowerOfTwo) {
    EXPECT_EQ(tree_of({0, 1, 2, 3}), "((0 1) 2)");
    EXPECT_EQ(tree_of({0, 1, 2, 3, 4, 5}), "(((0 1) (2 3)) 4)");
    EXPECT_EQ(tree_of({0, 1, 2, 3, 4, 5, 6}), "(((0 1) (2 3)) (4 5))");
}

TEST(ShardTree, FollowsTheShardsNotTheRanks) {
    EXPECT_EQ(tree_of({0, 4, 6, 8}), "(0 (1 2))");
    EXPECT_EQ(tree_of({0, 2, 4, 8}), "((0 1) 2)");
    EXPECT_EQ(tree_of({0, 1, 4}), "(0 1)");
    EXPECT_EQ(tree_of({0, 3, 5, 8}), "((0 1) 2)");
}

TEST(ShardTree, LeavesEmptyRanksOut) {
    EXPECT_EQ(tree_of({0, 0, 2, 2, 4}), "(1 3)");
    EXPECT_EQ(tree_of({0, 1, 1, 1, 1}), "0");
    EXPECT_EQ(tree_of({0, 0, 0}), "");
}

TEST(ShardTree, CanBeBuiltAgain) {
    ShardTree tree(3);
    tree.build(std::vector<std::uint32_t>{0, 1, 2, 3});
    tree.build(std::vector<std::uint32_t>{0, 0, 2, 4});
    EXPECT_EQ(text(tree, tree.root()), "(1 2)");
}

TEST(ShardTree, NodesOfTwoAndTwoRanksEachHaveOnePart) {
    EXPECT_THAT(parts_of({0, 1, 2, 3, 4}, 0, 2), testing::ElementsAre("(0 1)"));
    EXPECT_THAT(parts_of({0, 1, 2, 3, 4}, 2, 4), testing::ElementsAre("(2 3)"));
}

TEST(ShardTree, ANodeOfThreeRanksHasTwoParts) {
    EXPECT_THAT(parts_of({0, 1, 2, 3, 4}, 0, 3), testing::ElementsAre("(0 1)", "2"));
    EXPECT_THAT(parts_of({0, 1, 2, 3, 4}, 3, 4), testing::ElementsAre("3"));
}

TEST(ShardTree, ANodeWithoutShardsHasNoPart) {
    EXPECT_THAT(parts_of({0, 1, 2, 2, 2}, 2, 4), testing::IsEmpty());
    EXPECT_THAT(parts_of({0, 1, 2, 2, 2}, 0, 2), testing::ElementsAre("(0 1)"));
    EXPECT_THAT(parts_of({0, 0, 0}, 0, 1), testing::IsEmpty());
}

}  // namespace
}  // namespace lockstep::test
