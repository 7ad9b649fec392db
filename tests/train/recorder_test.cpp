#include <thread>
#include <vector>

#include <gmock/gmock.h>

#include <lockstep/core/error.h>
#include <lockstep/train/recorder.h>

#include "rank_report.h"

namespace lockstep {
namespace {

class Recorder : public testing::Test {
protected:
    Recorder() { take_records(); }  // the process keeps them
    ~Recorder() override { take_records(); }
};

TEST_F(Recorder, MergesWhatHasOneName) {
    record("mean", 1.0);
    record("mean", 4.0, 2.0);
    record("sum", 1.0, 1.0, Merge::sum);
    record("sum", 4.0, 1.0, Merge::sum);
    record("least", 4.0, 1.0, Merge::minimum);
    record("least", 1.0, 1.0, Merge::minimum);
    const auto records = take_records();
    EXPECT_EQ(records.size(), 3U);
    EXPECT_EQ(records.at("mean").value, 9.0);
    EXPECT_EQ(records.at("mean").weight, 3.0);
    EXPECT_EQ(records.at("sum").value, 5.0);
    EXPECT_EQ(records.at("least").value, 1.0);
    EXPECT_TRUE(take_records().empty());
}

TEST_F(Recorder, RefusesAnotherWayOfMerging) {
    record("loss", 1.0);
    EXPECT_THROW(record("loss", 1.0, 1.0, Merge::sum), Error);
    EXPECT_THROW(record("", 1.0), Error);
}

/// Layers may compute on several threads.
TEST_F(Recorder, LosesNothingBetweenThreads) {
    constexpr int kThreads = 4, kRecords = 1000;
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < kThreads; ++thread)
        threads.emplace_back([] {
            for (int i = 0; i < kRecords; ++i) record("calls", 1.0, 1.0, Merge::sum);
        });
    threads.clear();
    EXPECT_EQ(take_records().at("calls").value, kThreads * kRecords);
}

}  // namespace
}  // namespace lockstep
