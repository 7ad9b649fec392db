// Who is found to have stalled. The time is the test's own: nothing sleeps.
#include "stall_watch.h"

#include <memory>
#include <thread>
#include <vector>

#include <gmock/gmock.h>

#include "stall_message.h"

namespace lockstep::test {
namespace {

using Kind = StallWatch::Finding::Kind;
using testing::AllOf;
using testing::HasSubstr;

/// Ranks of one node, and one of them that watches, look by look.
class StallWatchTest : public testing::Test {
protected:
    explicit StallWatchTest(std::size_t ranks = 3, StallLimits limits = {.heartbeat = 60, .stall = 600})
        : records_(ranks) {
        for (RankRecord& record : records_) {
            statuses_.push_back(std::make_unique<RankStatus>());
            statuses_.back()->publish_in(record);
            statuses_.back()->set_position(1, 7);
        }
        watch_.emplace(records_, limits, false);
    }

    void restart(StallLimits limits, bool other_nodes = false) {
        watch_.emplace(records_, limits, other_nodes);
    }
    RankStatus& status(std::size_t rank) { return *statuses_[rank]; }

    /// Looks every interval until something is found, at most for `seconds`; between two looks the ranks but
    /// `stopped` beat, and `work` is done.
    template <typename Work>
    std::optional<StallWatch::Finding> watch(double seconds, Work&& work,
                                             std::optional<std::size_t> stopped = {}) {
        const double end = now_ + seconds;
        for (; now_ < end; now_ += watch_->interval()) {
            for (std::size_t rank = 0; rank < statuses_.size(); ++rank)
                if (rank != stopped) status(rank).beat();
            work();
            if (const auto finding = watch_->look(now_)) return finding;
        }
        return std::nullopt;
    }
    std::optional<StallWatch::Finding> watch(double seconds) {
        return watch(seconds, [] {});
    }
    std::optional<StallWatch::Finding> watch_while_stopped(std::size_t rank, double seconds) {
        return watch(
            seconds, [] {}, rank);
    }

    std::vector<RankRecord> records_;
    std::vector<std::unique_ptr<RankStatus>> statuses_;
    std::optional<StallWatch> watch_;
    double now_ = 1000;
};

TEST_F(StallWatchTest, FindsNothingWhileAllGetOn) {
    const auto step = [this] {
        for (auto& status : statuses_) status->enter(RankPhase::forward);
    };
    EXPECT_FALSE(watch(5000, step));
}

TEST_F(StallWatchTest, FindsTheRankWithoutHeartbeat) {
    const auto step = [this] {
        for (std::size_t rank : {0U, 1U}) status(rank).enter(RankPhase::forward);
    };
    status(2).beat();
    const auto finding = watch(1000, step, 2);
    ASSERT_TRUE(finding);
    EXPECT_EQ(finding->kind, Kind::silent);
    EXPECT_EQ(finding->local_rank, 2);
    EXPECT_NEAR(finding->seconds, 60, 2);
}

TEST_F(StallWatchTest, ARankThatHasNotBegunToBeatOrHasLeftIsNotWatched) {
    EXPECT_FALSE(watch_->look(now_));
    EXPECT_FALSE(watch_->look(now_ += 2.5));
    for (int i = 0; i < 1000; ++i) EXPECT_FALSE(watch_->look(now_ += 1));
    for (auto& status : statuses_) status->beat();
    EXPECT_FALSE(watch_->look(now_ += 1));
    for (auto& status : statuses_) status->say_goodbye();
    for (int i = 0; i < 1000; ++i) EXPECT_FALSE(watch_->look(now_ += 1));
}

TEST_F(StallWatchTest, NamesTheRankThatIsBehindAndNotThoseThatWaitForIt) {
    status(1).enter(RankPhase::backward);
    status(0).set_position(1, 8);
    status(2).set_position(1, 8);
    const WaitingScope first(&status(0)), last(&status(2));
    const auto finding = watch(5000);
    ASSERT_TRUE(finding);
    EXPECT_EQ(finding->kind, Kind::late);
    EXPECT_EQ(finding->local_rank, 1);
    EXPECT_NEAR(finding->seconds, 600, 2);
}

TEST_F(StallWatchTest, OfTwoThatHangNamesTheEarlierStep) {
    status(0).set_position(2, 3);
    status(1).set_position(1, 9);
    status(2).set_position(2, 2);
    const auto finding = watch(5000);
    ASSERT_TRUE(finding);
    EXPECT_EQ(finding->local_rank, 1);
}

TEST_F(StallWatchTest, AloneARankIsWatchedToo) {
    records_.resize(1);
    statuses_.resize(1);
    status(0).publish_in(records_[0]);
    restart({.heartbeat = 60, .stall = 600});
    const auto finding = watch(5000);
    ASSERT_TRUE(finding);
    EXPECT_EQ(finding->kind, Kind::late);
    EXPECT_EQ(finding->local_rank, 0);
}

TEST_F(StallWatchTest, WhatArrivesIsProgress) {
    status(0).enter(RankPhase::exchange);
    const auto receive = [this] {
        for (auto& status : statuses_) const WaitingScope waits(status.get());
    };
    EXPECT_FALSE(watch(5000, receive));
}

TEST_F(StallWatchTest, AllThatWaitForEachOtherAreADeadlock) {
    status(2).set_position(1, 6);
    std::vector<std::unique_ptr<WaitingScope>> waits;
    for (auto& status : statuses_) waits.push_back(std::make_unique<WaitingScope>(status.get()));
    const auto finding = watch(5000);
    ASSERT_TRUE(finding);
    EXPECT_EQ(finding->kind, Kind::all_wait);
    EXPECT_EQ(finding->local_rank, 2);
}

TEST_F(StallWatchTest, WaitingForAnotherNodeHasThreeTimesTheLimit) {
    restart({.heartbeat = 60, .stall = 600}, true);
    std::vector<std::unique_ptr<WaitingScope>> waits;
    for (auto& status : statuses_) waits.push_back(std::make_unique<WaitingScope>(status.get()));
    EXPECT_FALSE(watch(1790));
    EXPECT_TRUE(watch(20));
}

TEST_F(StallWatchTest, ALongHookWarnsOnceByName) {
    status(0).enter(RankPhase::hook, "on_epoch_end", "my::Plot");
    const auto others_get_on = [this] {
        for (std::size_t rank : {1U, 2U}) status(rank).advance();
    };
    const auto finding = watch(5000, others_get_on);
    ASSERT_TRUE(finding);
    EXPECT_EQ(finding->kind, Kind::slow);
    EXPECT_EQ(finding->local_rank, 0);
    EXPECT_NEAR(finding->seconds, 60, 2);  // a tenth of the limit
    const auto end = watch(5000, others_get_on);
    ASSERT_TRUE(end);
    EXPECT_EQ(end->kind, Kind::late);
    EXPECT_NEAR(end->seconds, 600, 2);
}

TEST_F(StallWatchTest, TheNextLongHookWarnsAgain) {
    const auto others_get_on = [this] {
        for (std::size_t rank : {1U, 2U}) status(rank).advance();
    };
    for (int incident = 0; incident < 2; ++incident) {
        status(0).enter(RankPhase::checkpoint, "step-7.h5");
        EXPECT_TRUE(watch(70, others_get_on));
        EXPECT_FALSE(watch(100, others_get_on));
    }
}

TEST_F(StallWatchTest, ComputingIsNothingToWarnOf) {
    status(0).enter(RankPhase::forward);
    const auto others_get_on = [this] {
        for (std::size_t rank : {1U, 2U}) status(rank).advance();
    };
    EXPECT_FALSE(watch(590, others_get_on));
}

TEST(StallWatchPatience, IsATenthOfTheLimitFromThirtySecondsToHalfOfIt) {
    const auto patience = [](double stall) {
        return StallWatch({}, {.heartbeat = 60, .stall = stall}, false).patience();
    };
    EXPECT_DOUBLE_EQ(patience(3600), 360);
    EXPECT_DOUBLE_EQ(patience(120), 30);
    EXPECT_DOUBLE_EQ(patience(8), 4);
}

TEST_F(StallWatchTest, AfterASuspensionEverybodyHasAFullPeriod) {
    EXPECT_FALSE(watch(590));
    now_ += 100000;  // nobody looked, nobody beat
    for (auto& status : statuses_) status->beat();
    EXPECT_FALSE(watch_->look(now_));
    EXPECT_FALSE(watch(590));
    EXPECT_TRUE(watch(20));
}

TEST_F(StallWatchTest, WhoWakesLateFromASuspensionHasAFullPeriodToo) {
    EXPECT_FALSE(watch(1));
    EXPECT_FALSE(watch_while_stopped(2, 50));
    now_ += 100000;
    EXPECT_FALSE(watch_while_stopped(2, 55));
    EXPECT_TRUE(watch_while_stopped(2, 10));
}

TEST_F(StallWatchTest, ZeroSwitchesOff) {
    restart({.heartbeat = 0, .stall = 600});
    EXPECT_FALSE(watch(1));
    EXPECT_FALSE(watch_while_stopped(1, 590));
    restart({.heartbeat = 60, .stall = 0});
    EXPECT_FALSE(watch(100000));
}

TEST_F(StallWatchTest, TheMessageNamesRankHostProcessPlaceAndActivity) {
    records_[1].pid = 4242;
    status(1).enter(RankPhase::hook, "on_epoch_end", "my::Plot");
    const RankSnapshot last = read_record(records_[1]);
    const auto text = [&](Kind kind) {
        return describe({kind, 1, 61}, {.heartbeat = 60, .stall = 600}, name_rank(5, "node07", last), last);
    };
    for (const Kind kind : {Kind::silent, Kind::late, Kind::all_wait, Kind::slow})
        EXPECT_THAT(text(kind),
                    AllOf(HasSubstr("rank 5 on node07 (process 4242)"), HasSubstr("in epoch 2, step 7"),
                          HasSubstr("hook on_epoch_end of my::Plot"), HasSubstr("61 s")));
    EXPECT_THAT(text(Kind::silent), HasSubstr("heartbeat_timeout is 60 s"));
    EXPECT_THAT(text(Kind::late), HasSubstr("stall_timeout is 600 s"));
}

TEST(RankStatusTest, APhaseWithinAnotherEndsWithTheOldOne) {
    RankRecord record;
    RankStatus status;
    status.publish_in(record);
    status.enter(RankPhase::hook, "on_epoch_end", "my::Plot");
    {
        const PhaseScope scope(status, RankPhase::checkpoint, "best.h5");
        EXPECT_EQ(read_record(record).activity(), "checkpoint best.h5");
    }
    EXPECT_EQ(read_record(record).activity(), "hook on_epoch_end of my::Plot");
    status.enter(RankPhase::forward);
    EXPECT_EQ(read_record(record).activity(), "forward");
}

TEST(RankStatusTest, ALongSubjectIsCut) {
    RankRecord record;
    RankStatus status;
    status.publish_in(record);
    status.enter(RankPhase::hook, std::string(50, 'a'), std::string(50, 'b'));
    EXPECT_EQ(read_record(record).subject, std::string(50, 'a') + " of " + std::string(9, 'b'));
}

/// Threads in the place of ranks, for the thread sanitizer.
TEST(RankStatusTest, IsReadWhileItIsWritten) {
    RankRecord record;
    RankStatus status;
    status.publish_in(record);
    std::jthread writer([&status](const std::stop_token& stop) {
        for (std::int64_t step = 0; !stop.stop_requested(); ++step) {
            status.set_position(0, step);
            status.enter(step % 2 == 0 ? RankPhase::forward : RankPhase::hook,
                         step % 2 == 0 ? "" : "on_epoch_end");
        }
    });
    std::uint64_t changes = 0;
    for (int look = 0; look < 1000; ++look) {
        const RankSnapshot now = read_record(record);
        EXPECT_GE(now.changes, changes);
        changes = now.changes;
    }
}

}  // namespace
}  // namespace lockstep::test
