#include <gmock/gmock.h>

#include <lockstep/callbacks/timer.h>
#include <lockstep/log/setup.h>

#include "fake_run.h"
#include "job_keys.h"

namespace lockstep {
namespace {

using testing::HasSubstr;

constexpr auto refusal = refusal_of<Timer>;

class TimerTest : public CallbackTest {
protected:
    Timer& make_timer(Timer::Options options) {
        options.clock = [this] { return now; };
        return make<Timer>(options);
    }
    /// Seconds that a job file gives, found by what the timer says when they are over.
    std::string limit_of(const std::string& duration) {
        const auto made =
            Timer::from_config(Config::from_json(R"({"verbose": 0, "duration": )" + duration + "}"));
        made->attach(&run);
        made->restore(Config::table({{"elapsed", 1e12}}));
        run.stopped = false;
        made->on_train_begin({});
        return run.stop_reason();
    }

    double now = 1000.0;
};

TEST_F(TimerTest, StopsAtTheBatchAfterWhichTheTimeIsOver) {
    Timer& timer = make_timer({.duration = 90.0});
    timer.on_train_begin({});
    now += 89.5;
    timer.on_train_batch_end(0, {});
    EXPECT_FALSE(run.stopped);
    now += 0.5;
    timer.on_train_batch_end(1, {});
    EXPECT_TRUE(run.stopped);
    EXPECT_EQ(run.stop_reason(), "the time limit of 1:30 is over");
    EXPECT_EQ(run.stop_cause(), StopCause::wish);
}

TEST_F(TimerTest, ValidationCountsToo) {
    Timer& timer = make_timer({.duration = 90.0});
    timer.on_train_begin({});
    timer.on_train_batch_end(0, {});
    now += 100;
    timer.on_epoch_end(0, {});
    EXPECT_TRUE(run.stopped);
}

TEST_F(TimerTest, IntervalEpochLooksAtEndsOfEpochsOnly) {
    Timer& timer = make_timer({.duration = 90.0, .interval = "epoch"});
    timer.on_train_begin({});
    now += 100;
    timer.on_train_batch_end(0, {});
    EXPECT_FALSE(run.stopped);
    timer.on_epoch_end(0, {});
    EXPECT_TRUE(run.stopped);
}

TEST_F(TimerTest, ResumedRunCountsOn) {
    Timer& first = make_timer({.duration = 90.0});
    first.on_train_begin({});
    now += 60;
    const Config state = Config::from_json(first.state().to_json());
    now += 10000;  // the queue of the cluster

    Timer& second = make_timer({.duration = 90.0});
    second.restore(state);
    second.on_train_begin({});
    EXPECT_EQ(second.elapsed(), 60);
    now += 29;
    second.on_train_batch_end(0, {});
    EXPECT_FALSE(run.stopped);
    now += 1;
    second.on_train_batch_end(1, {});
    EXPECT_TRUE(run.stopped);
    EXPECT_EQ(second.state().get<double>("elapsed"), 90);
}

TEST_F(TimerTest, ResumedAfterTheLimitItStopsAtOnce) {
    Timer& timer = make_timer({.duration = 90.0});
    timer.restore(Config::table({{"elapsed", 90.0}}));
    timer.on_train_begin({});
    EXPECT_TRUE(run.stopped);
}

TEST_F(TimerTest, SecondTrainingHasAllTheTime) {
    Timer& timer = make_timer({.duration = 90.0});
    timer.on_train_begin({});
    now += 60;
    timer.on_train_end({});
    now += 60;
    EXPECT_EQ(timer.elapsed(), 60);
    timer.on_train_begin({});
    now += 60;
    timer.on_epoch_end(0, {});
    EXPECT_FALSE(run.stopped);
    EXPECT_EQ(timer.elapsed(), 60);
}

TEST_F(TimerTest, TalksUnlessAskedNotTo) {
    const auto said = [this](int verbose) {
        run.stopped = false;
        Timer& timer = make_timer({.duration = 90.0, .verbose = verbose});
        testing::internal::CaptureStderr();
        timer.on_train_begin({});
        now += 125;
        timer.on_train_batch_end(0, {});
        timer.on_epoch_end(0, {});
        log::flush();
        return testing::internal::GetCapturedStderr();
    };
    const std::string text = said(1);
    EXPECT_THAT(text, HasSubstr("the time limit of 1:30 is over: training has taken 2:05 and stops"));
    EXPECT_EQ(text.find("over"), text.rfind("over"));  // once
    EXPECT_EQ(said(0), "");
}

TEST_F(TimerTest, HasAClockOfItsOwn) {
    Timer& timer = make<Timer>({.duration = 1e6});
    timer.on_train_begin({});
    EXPECT_GE(timer.elapsed(), 0);
    EXPECT_LT(timer.elapsed(), 1e6);
    EXPECT_FALSE(run.stopped);
}

TEST_F(TimerTest, ReadsDurations) {
    EXPECT_THAT(limit_of("90"), HasSubstr("limit of 1:30 is"));
    EXPECT_THAT(limit_of(R"("90s")"), HasSubstr("limit of 1:30 is"));
    EXPECT_THAT(limit_of(R"("1h30m")"), HasSubstr("limit of 1:30:00 is"));
    EXPECT_THAT(limit_of(R"("01:02:03")"), HasSubstr("limit of 1:02:03 is"));
    EXPECT_THAT(limit_of(R"("00:12:00:00")"), HasSubstr("limit of 12:00:00 is"));
    EXPECT_THAT(limit_of(R"("02:00:00:01")"), HasSubstr("limit of 48:00:01 is"));
}

TEST_F(TimerTest, ReadsItsKeys) {
    const Config keys = Config::from_json(R"({"duration": 1, "interval": "epoch", "verbose": 0})");
    made_from_all<Timer>(keys);
}

TEST_F(TimerTest, SaysWhatItRefuses) {
    EXPECT_THAT(refusal("{}"), HasSubstr("duration"));
    EXPECT_THAT(refusal(R"({"duration": 0})"), HasSubstr("job: timer: duration: expected a time above 0"));
    EXPECT_THAT(refusal(R"({"duration": "-1s"})"), HasSubstr("duration"));
    EXPECT_THAT(refusal(R"({"duration": "12:60:00"})"), HasSubstr("duration"));
    EXPECT_THAT(refusal(R"({"duration": "12:00"})"), HasSubstr("duration"));
    EXPECT_THAT(refusal(R"({"duration": 1, "interval": "batch"})"), HasSubstr("got \"batch\""));
    EXPECT_THAT(refusal(R"({"duration": 1, "verbose": 2})"), HasSubstr("verbose"));
}

}  // namespace
}  // namespace lockstep
