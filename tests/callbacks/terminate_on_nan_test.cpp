#include <limits>

#include <gmock/gmock.h>

#include <lockstep/callbacks/terminate_on_nan.h>
#include <lockstep/log/setup.h>

#include "fake_run.h"
#include "job_keys.h"

namespace lockstep {
namespace {

using testing::HasSubstr;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

class TerminateOnNaNTest : public CallbackTest {
protected:
    /// What it says at the end of batch 4 of epoch 2, both from 0.
    std::string end_batch(Callback& callback, double loss, double accuracy = 0.5) {
        run.epoch_now = 2;
        run.batch_logs_now = make_logs({{"loss", loss}, {"accuracy", accuracy}});
        testing::internal::CaptureStderr();
        callback.on_train_batch_end(4, make_logs({{"loss", 0.5}, {"accuracy", 0.5}}));
        log::flush();
        return testing::internal::GetCapturedStderr();
    }
};

TEST_F(TerminateOnNaNTest, StopsAtTheBatchWhoseLossIsNotFinite) {
    for (const double loss : {kNaN, kInfinity, -kInfinity}) {
        run.stopped = false;
        EXPECT_THAT(end_batch(make<TerminateOnNaN>({}), loss), HasSubstr("training diverged in batch 5"));
        EXPECT_TRUE(run.stopped) << loss;
        EXPECT_EQ(run.stop_cause(), StopCause::diverged);
    }
    end_batch(make<TerminateOnNaN>({}), kNaN);
    EXPECT_EQ(run.stop_reason(), "training diverged in batch 5 of epoch 3: loss is nan");
}

TEST_F(TerminateOnNaNTest, LeavesNumbersAlone) {
    EXPECT_EQ(end_batch(make<TerminateOnNaN>({}), 1e300), "");
    EXPECT_FALSE(run.stopped);
}

// A NaN in an earlier batch is in the running mean for the rest of the epoch: only this batch counts.
TEST_F(TerminateOnNaNTest, RunningMeansDoNotCount) {
    run.batch_logs_now = make_logs({{"loss", 0.5}});
    make<TerminateOnNaN>({}).on_train_batch_end(1, make_logs({{"loss", kNaN}}));
    EXPECT_FALSE(run.stopped);
}

TEST_F(TerminateOnNaNTest, MetricsCountIfAskedFor) {
    end_batch(make<TerminateOnNaN>({}), 0.5, kNaN);
    EXPECT_FALSE(run.stopped);
    end_batch(make<TerminateOnNaN>({.check = "all"}), 0.5, kNaN);
    EXPECT_TRUE(run.stopped);
    EXPECT_THAT(run.stop_reason(), HasSubstr("accuracy is nan"));
    run.stopped = false;
    end_batch(make<TerminateOnNaN>({.check = "all"}), kNaN);
    EXPECT_TRUE(run.stopped);
}

TEST_F(TerminateOnNaNTest, RaisesIfAskedTo) {
    run.epoch_now = 2;
    run.batch_logs_now = make_logs({{"loss", kNaN}});
    TerminateOnNaN& callback = make<TerminateOnNaN>({.raise_error = true});
    EXPECT_EQ(error_of<DivergedError>([&] { callback.on_train_batch_end(4, {}); }),
              "training diverged in batch 5 of epoch 3: loss is nan");
    EXPECT_FALSE(run.stopped);
}

TEST_F(TerminateOnNaNTest, ReadsItsKeys) {
    const Config keys = Config::from_json(R"({"raise_error": true, "check": "all"})");
    const auto made = made_from_all<TerminateOnNaN>(keys);
    made->attach(&run);
    run.batch_logs_now = make_logs({{"accuracy", kNaN}});
    EXPECT_THROW(made->on_train_batch_end(0, {}), DivergedError);
}

TEST_F(TerminateOnNaNTest, SaysWhatItRefuses) {
    EXPECT_THAT(error_of<ConfigError>(
                    [] { TerminateOnNaN::from_config(Config::from_json(R"({"check": "weights"})", "job")); }),
                HasSubstr(R"(job: terminate_on_nan: check: expected "loss" or "all", got "weights")"));
}

}  // namespace
}  // namespace lockstep
