#include "support/row_queue.h"

#include <atomic>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lockstep {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

template <typename Row>
std::vector<Row> drained(RowQueue<Row>& queue) {
    std::vector<Row> rows;
    queue.drain([&](const Row& row) { rows.push_back(row); });
    return rows;
}

TEST(RowQueue, GivesEachRowOnceInOrder) {
    RowQueue<std::string> queue;
    const auto push = [&](const char* text) { queue.push([&](std::string& row) { row = text; }); };
    push("a");
    push("b");
    EXPECT_THAT(drained(queue), ElementsAre("a", "b"));
    EXPECT_THAT(drained(queue), IsEmpty());
    push("c");
    EXPECT_THAT(drained(queue), ElementsAre("c"));
}

/// One thread pushes, another one drains, as a hook and the writing thread do.
TEST(RowQueue, LosesNothingBetweenTwoThreads) {
    constexpr int kRows = 20000;
    RowQueue<int> queue;
    std::atomic<bool> done = false;
    std::thread hook([&] {
        for (int i = 0; i < kRows; ++i) queue.push([i](int& row) { row = i; });
        done = true;
    });
    std::vector<int> rows;
    const auto take = [&](int row) { rows.push_back(row); };
    while (!done) queue.drain(take);
    hook.join();
    queue.drain(take);
    std::vector<int> expected(kRows);
    std::iota(expected.begin(), expected.end(), 0);
    EXPECT_EQ(rows, expected);
}

}  // namespace
}  // namespace lockstep
