// The exchange with threads in the place of ranks: what the thread sanitizer can see.
#include <barrier>
#include <thread>

#include <gmock/gmock.h>

#include "exchange_driver.h"

namespace lockstep::test {
namespace {

using Options = ExchangeScenario::Options;
using Spread = ExchangeScenario::Spread;

class ExchangeThreads : public testing::TestWithParam<std::tuple<int, bool, Spread>> {};

TEST_P(ExchangeThreads, FollowTheSerialRun) {
    const auto [size, two_phase, spread] = GetParam();
    const Options options{.two_phase = two_phase, .spread = spread, .attempts = 500};
    const Topology any = Topology::of_threads(0, size);
    const auto board = allocate_private_memory(ExchangeDriver::board_bytes(any));
    const auto memory =
        allocate_private_memory(Exchange::bytes_needed(any, ExchangeScenario(size, options).spec()));

    std::barrier all_made(size);
    std::vector<std::vector<std::string>> failures(static_cast<std::size_t>(size));
    std::vector<std::size_t> allocations(static_cast<std::size_t>(size));
    std::vector<std::jthread> threads;
    for (int rank = 0; rank < size; ++rank)
        threads.emplace_back([&, rank, size = size] {
            const Topology topology = Topology::of_threads(rank, size);
            ExchangeDriver driver(topology, options, board, memory);
            all_made.arrive_and_wait();
            driver.run();
            failures[static_cast<std::size_t>(rank)] = driver.failures();
            allocations[static_cast<std::size_t>(rank)] = driver.allocations();
        });
    threads.clear();
    EXPECT_THAT(failures, testing::Each(testing::IsEmpty()));
    EXPECT_THAT(allocations, testing::Each(0U));
}

std::string name(const testing::TestParamInfo<ExchangeThreads::ParamType>& info) {
    const auto [size, two_phase, spread] = info.param;
    return std::to_string(size) + (two_phase ? "TwoPhase" : "OnePhase") +
           (spread == Spread::aligned ? "Aligned" : "Uneven");
}

INSTANTIATE_TEST_SUITE_P(Ranks, ExchangeThreads,
                         testing::Combine(testing::Values(1, 2, 3, 4), testing::Bool(),
                                          testing::Values(Spread::aligned, Spread::uneven)),
                         name);

}  // namespace
}  // namespace lockstep::test
