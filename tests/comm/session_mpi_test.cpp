#include <gmock/gmock.h>
#include <mpi_test.h>

#include <lockstep/comm/node_memory.h>

namespace lockstep::test {
namespace {

using SessionMpi = MpiTest;

/// What agree() makes of an error on the ranks from `first` on.
struct Outcome {
    std::string message;
    ExitCode code = ExitCode::success;
};

Outcome agree_on_error(const Session& session, int first) {
    const DataError error("x.h5: broken on rank " + std::to_string(session.rank()));
    try {
        session.agree(session.rank() >= first ? &error : nullptr);
    } catch (const Error& agreed) {
        return {agreed.what(), agreed.exit_code()};
    }
    return {};
}

TEST_F(SessionMpi, AgreesThatNothingIsWrong) {
    EXPECT_EQ(agree_on_error(*session, size()).code, ExitCode::success);
}

TEST_F(SessionMpi, EveryRankThrowsTheFirstError) {
    for (int first = 0; first < size(); ++first) {
        const Outcome outcome = agree_on_error(*session, first);
        EXPECT_EQ(outcome.code, ExitCode::data);
        EXPECT_THAT(outcome.message, testing::StartsWith("x.h5: broken on rank " + std::to_string(first)));
    }
}

TEST_F(SessionMpi, TogetherThrowsOnAllRanksWhatFailedOnTheLast) {
    std::string message;
    try {
        session->together([this] {
            if (rank() == size() - 1) throw std::out_of_range("no such row");
        });
    } catch (const Error& error) {
        message = error.what();
    }
    EXPECT_THAT(message, testing::StartsWith("no such row"));
    EXPECT_NO_THROW(session->together([] {}));
}

TEST_F(SessionMpi, TopologyOfNodesCountsEveryRankOnce) {
    const Topology& topology = session->topology();
    EXPECT_EQ(topology.rank, rank());
    EXPECT_EQ(topology.size, size());
    EXPECT_EQ(topology.node_begin.front(), 0);
    EXPECT_EQ(topology.node_begin.back(), size());
    EXPECT_EQ(topology.first_rank() + topology.local_rank, rank());
    EXPECT_EQ(topology.node_ranks == nullptr, topology.local_size() == 1);
    EXPECT_EQ(topology.lane != nullptr, topology.nodes() > 1 && topology.has_lane());
    EXPECT_EQ(topology.leaders != nullptr, topology.nodes() > 1 && topology.is_leader());
    EXPECT_EQ(topology.lane ? topology.lane->rank() : topology.node, topology.node);
    EXPECT_EQ(topology.leaders ? topology.leaders->rank() : topology.node, topology.node);
}

TEST_F(SessionMpi, TopologyOfRanksSharesNothing) {
    const Topology topology = Topology::of_ranks(world());
    EXPECT_EQ(topology.nodes(), size());
    EXPECT_EQ(topology.local_size(), 1);
    EXPECT_EQ(topology.node_ranks, nullptr);
    EXPECT_EQ(topology.lane == nullptr, size() == 1);
}

TEST_F(SessionMpi, MemoryOfANodeIsZeroAndSharedByItsRanks) {
    const Topology& topology = session->topology();
    const auto local = static_cast<std::size_t>(topology.local_rank);
    const auto ranks = static_cast<std::size_t>(topology.local_size());
    const auto memory = allocate_node_memory(topology, ranks * sizeof(int), FirstTouch::leader);
    const auto values = memory->at<int>(0, ranks);
    EXPECT_THAT(values, testing::Each(0));
    world().barrier();
    values[local] = rank();
    world().barrier();
    for (std::size_t other = 0; other < ranks; ++other)
        EXPECT_EQ(values[other], topology.first_rank() + static_cast<int>(other));
    world().barrier();
}

}  // namespace
}  // namespace lockstep::test
