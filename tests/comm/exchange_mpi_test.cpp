// The exchange between MPI ranks: the copy that a node shares, and private copies, against the serial run.
#include <cstdlib>

#include <gmock/gmock.h>
#include <mpi_test.h>

#include "exchange_driver.h"

namespace lockstep::test {
namespace {

using Options = ExchangeScenario::Options;
using Spread = ExchangeScenario::Spread;

enum class Copies { shared, personal };

class ExchangeMpi : public MpiTest, public testing::WithParamInterface<std::tuple<Copies, bool, Spread>> {
protected:
    /// Fewer where each costs messages; LOCKSTEP_TEST_ATTEMPTS for slow networks.
    static std::uint64_t attempts(Copies copies) {
        const char* wanted = std::getenv("LOCKSTEP_TEST_ATTEMPTS");
        if (wanted != nullptr) return std::strtoull(wanted, nullptr, 10);
        return copies == Copies::shared ? 500 : 200;
    }
};

TEST_P(ExchangeMpi, FollowsTheSerialRun) {
    const auto [copies, two_phase, spread] = GetParam();
    const Options options{.two_phase = two_phase, .spread = spread, .attempts = attempts(copies)};
    const Topology topology =
        copies == Copies::shared ? Topology::of_nodes(world()) : Topology::of_ranks(world());
    const auto board =
        allocate_node_memory(topology, ExchangeDriver::board_bytes(topology), FirstTouch::leader);
    const auto memory = allocate_node_memory(
        topology, Exchange::bytes_needed(topology, ExchangeScenario(size(), options).spec()),
        FirstTouch::owners);
    ExchangeDriver driver(topology, options, board, memory);
    driver.run();
    EXPECT_THAT(driver.failures(), testing::IsEmpty());
    EXPECT_EQ(driver.allocations(), 0U);
}

std::string name(const testing::TestParamInfo<ExchangeMpi::ParamType>& info) {
    const auto [copies, two_phase, spread] = info.param;
    return std::string(copies == Copies::shared ? "Shared" : "Private") +
           (two_phase ? "TwoPhase" : "OnePhase") + (spread == Spread::aligned ? "Aligned" : "Uneven");
}

INSTANTIATE_TEST_SUITE_P(Copies, ExchangeMpi,
                         testing::Combine(testing::Values(Copies::shared, Copies::personal), testing::Bool(),
                                          testing::Values(Spread::aligned, Spread::uneven)),
                         name);

}  // namespace
}  // namespace lockstep::test
