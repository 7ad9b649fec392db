#include <array>
#include <numeric>

#include <gmock/gmock.h>
#include <mpi_test.h>

#include <lockstep/comm/topology.h>

namespace lockstep::test {
namespace {

using CommunicatorMpi = MpiTest;

/// As long as the rank, so that the first is empty.
std::string text_of(int rank) {
    return std::string(static_cast<std::size_t>(rank), static_cast<char>('a' + rank));
}

std::vector<std::string> all_texts(int size) {
    std::vector<std::string> texts;
    for (int rank = 0; rank < size; ++rank) texts.push_back(text_of(rank));
    return texts;
}

TEST_F(CommunicatorMpi, GathersTextsOfDifferentLengths) {
    const auto gathered = world().gather(text_of(rank()));
    EXPECT_EQ(gathered, rank() == 0 ? all_texts(size()) : std::vector<std::string>{});
    EXPECT_EQ(world().all_gather(text_of(rank())), all_texts(size()));
}

TEST_F(CommunicatorMpi, BroadcastsFromAnyRank) {
    for (int root = 0; root < size(); ++root) {
        EXPECT_EQ(world().broadcast(rank() == root ? "of " + std::to_string(root) : "noise", root),
                  "of " + std::to_string(root));
        EXPECT_EQ(world().broadcast_value(rank() * 1.5, root), root * 1.5);
    }
}

TEST_F(CommunicatorMpi, GathersRowsOfDifferentLengthsByRank) {
    const std::vector<float> mine(static_cast<std::size_t>(rank()), static_cast<float>(rank()));
    std::vector<float> out(rank() == 0 ? static_cast<std::size_t>(size() * (size() - 1) / 2) : 0);
    world().gather(mine, out);
    EXPECT_TRUE(std::ranges::is_sorted(out));
    EXPECT_EQ(std::reduce(out.begin(), out.end()),
              rank() == 0 ? static_cast<float>((size() - 1) * size() * (2 * size() - 1)) / 6.0F : 0.0F);
}

TEST_F(CommunicatorMpi, ComparesAndAdds) {
    EXPECT_EQ(world().minimum(10 - rank()), 11 - size());
    EXPECT_EQ(world().maximum(-rank()), 0);
    std::array<double, 2> values{1.0, static_cast<double>(rank())};
    world().sum(values);
    EXPECT_THAT(values, testing::ElementsAre(size(), size() * (size() - 1) / 2));
}

TEST_F(CommunicatorMpi, SplitsByColourAndOrdersByKey) {
    const Communicator part = world().split(rank() % 2, -rank());
    EXPECT_EQ(part.size(), (size() + 1 - rank() % 2) / 2);
    const int highest = size() - 1 - (size() - 1 - rank()) % 2;  // of this rank's colour
    EXPECT_EQ(part.rank(), (highest - rank()) / 2);
}

// Each rank is in the group of its node, behind those of lower rank.
TEST_F(CommunicatorMpi, SplitsByNode) {
    const Communicator node = world().split_by_node();
    const std::vector<std::string> ranks = node.all_gather(std::string(1, static_cast<char>('a' + rank())));
    EXPECT_TRUE(std::ranges::is_sorted(ranks));
    EXPECT_EQ(ranks.at(static_cast<std::size_t>(node.rank())).front(), 'a' + rank());
    const Topology topology = Topology::of_nodes(world());
    EXPECT_EQ(node.size(), topology.local_size());
    EXPECT_EQ(node.rank(), topology.local_rank);
}

}  // namespace
}  // namespace lockstep::test
