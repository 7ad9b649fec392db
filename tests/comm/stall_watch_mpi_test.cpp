// Every rank of a node finds the same late rank in the memory that they share.
#include <gmock/gmock.h>
#include <mpi_test.h>

#include <lockstep/comm/node_memory.h>

#include "stall_watch.h"

namespace lockstep::test {
namespace {

using StallWatchMpi = MpiTest;

TEST_F(StallWatchMpi, AllRanksOfANodeFindTheLateOne) {
    const Topology& topology = session->topology();
    const auto ranks = static_cast<std::size_t>(topology.local_size());
    const auto memory = allocate_node_memory(topology, ranks * sizeof(RankRecord), FirstTouch::leader);
    const auto records = memory->at<RankRecord>(0, ranks);
    const auto meet = [&] {
        if (topology.node_ranks) topology.node_ranks->barrier();
    };
    RankStatus status;
    status.publish_in(records[static_cast<std::size_t>(topology.local_rank)]);
    for (int late = 0; late < topology.local_size(); ++late) {
        const bool is_late = topology.local_rank == late;
        StallWatch watch(records, {.heartbeat = 0, .stall = 10}, topology.nodes() > 1);
        status.set_position(0, is_late ? 4 : 5);
        const WaitingScope waits(is_late ? nullptr : &status);
        status.beat();
        meet();
        std::optional<StallWatch::Finding> finding;
        for (double now = 0; now < 20 && !finding; now += watch.interval()) finding = watch.look(now);
        EXPECT_TRUE(finding && finding->kind == StallWatch::Finding::Kind::late &&
                    finding->local_rank == late);
        meet();
    }
}

TEST_F(StallWatchMpi, ARankInACollectiveWaits) {
    RankRecord record;
    auto status = std::make_shared<RankStatus>();
    status->publish_in(record);
    Communicator group = world().duplicate();
    group.report_to(status);
    const auto before = read_record(record).changes;
    group.duplicate().barrier();
    EXPECT_GT(read_record(record).changes, before);
    EXPECT_FALSE(read_record(record).waiting);
}

}  // namespace
}  // namespace lockstep::test
