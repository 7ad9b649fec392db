#include <gmock/gmock.h>

#include <lockstep/callbacks/straggler_monitor.h>
#include <lockstep/core/error.h>

#include "fake_run.h"

namespace lockstep {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class StragglerMonitorTest : public CallbackTest {
protected:
    /// The ranks that it names after an epoch in which they took these times; `said` is the warning.
    std::vector<int> epoch(StragglerMonitor& callback, std::initializer_list<double> compute) {
        run.timings_now.clear();
        for (const double seconds : compute)
            run.timings_now.push_back({.compute = seconds, .wait = 10 - seconds});
        testing::internal::CaptureStderr();
        callback.on_epoch_end(run.epoch_now++, {});
        said = testing::internal::GetCapturedStderr();
        std::vector<int> ranks;
        for (const Straggler& straggler : callback.stragglers()) ranks.push_back(straggler.rank);
        return ranks;
    }
    std::string said;
};

TEST_F(StragglerMonitorTest, NamesRankHostAndRatio) {
    for (const char* host : {"a1", "a2", "b1", "b2", "b3"})
        run.info_now.ranks.push_back({.host = host, .pid = 1, .cores = 1, .blas_core = ""});
    StragglerMonitor& callback = make<StragglerMonitor>({});
    callback.on_train_begin({});
    EXPECT_THAT(epoch(callback, {2, 2, 2.9, 2, 2}), ElementsAre());
    EXPECT_EQ(said, "");
    EXPECT_THAT(epoch(callback, {2, 3.5, 2, 1, 8}), ElementsAre(4, 1));
    EXPECT_THAT(said,
                AllOf(HasSubstr("epoch 2"), HasSubstr("rank 4 on b3 4.00 times (8.00 s, waited 2.00 s)"),
                      HasSubstr("rank 1 on a2 1.75 times (3.50 s, waited 6.50 s)"),
                      HasSubstr("the median rank computed 2.00 s, and ranks waited 8.00 s")));
    EXPECT_EQ(std::ranges::count(said, '\n'), 1);
}

TEST_F(StragglerMonitorTest, LeavesMillisecondsAlone) {
    StragglerMonitor& callback = make<StragglerMonitor>({.min_seconds = 0.5});
    callback.on_train_begin({});
    EXPECT_THAT(epoch(callback, {0.1, 0.1, 0.5}), ElementsAre());
    EXPECT_THAT(epoch(callback, {0.1, 0.1, 0.7}), ElementsAre(2));
    EXPECT_THROW(StragglerMonitor({.min_seconds = -1}), ConfigError);
}

TEST_F(StragglerMonitorTest, FindsTheSlowOneOfTwo) {
    StragglerMonitor& callback = make<StragglerMonitor>({});
    callback.on_train_begin({});
    EXPECT_THAT(epoch(callback, {3, 1}), ElementsAre(0));
    EXPECT_THAT(epoch(callback, {3}), ElementsAre());
    EXPECT_THAT(epoch(callback, {0, 0, 1}), ElementsAre());
    EXPECT_THAT(epoch(callback, {}), ElementsAre());
}

TEST_F(StragglerMonitorTest, PatienceCountsEpochsInARow) {
    StragglerMonitor& callback = make<StragglerMonitor>({.threshold = 2, .patience = 2});
    callback.on_train_begin({});
    EXPECT_THAT(epoch(callback, {1, 1, 3}), ElementsAre());
    EXPECT_THAT(epoch(callback, {1, 3, 1}), ElementsAre());
    EXPECT_THAT(epoch(callback, {1, 3, 3, 1, 1}), ElementsAre());  // on other ranks
    EXPECT_THAT(epoch(callback, {1, 3, 2, 1, 1}), ElementsAre(1));
    EXPECT_THAT(epoch(callback, {1, 3, 3, 1, 1}), ElementsAre(1));
    EXPECT_THAT(said, HasSubstr("3 epochs in a row"));
    callback.on_train_begin({});
    EXPECT_THAT(epoch(callback, {1, 3, 3, 1, 1}), ElementsAre());
}

TEST_F(StragglerMonitorTest, AResumedRunGoesOnCounting) {
    StragglerMonitor& first = make<StragglerMonitor>({.patience = 2});
    first.on_train_begin({});
    EXPECT_THAT(epoch(first, {1, 1, 3}), ElementsAre());
    StragglerMonitor& second = make<StragglerMonitor>({.patience = 2});
    second.restore(Config::from_json(first.state().to_json()));
    second.on_train_begin({});
    EXPECT_THAT(epoch(second, {1, 1, 3}), ElementsAre(2));
}

TEST_F(StragglerMonitorTest, ReadsItsKeys) {
    const Config keys = Config::from_json(R"({"threshold": 4, "patience": 1})");
    const auto callback = StragglerMonitor::from_config(keys);
    keys.reject_unknown_keys();
    callback->attach(&run);
    EXPECT_THAT(epoch(dynamic_cast<StragglerMonitor&>(*callback), {1, 3, 5}), ElementsAre());
    EXPECT_THAT(epoch(dynamic_cast<StragglerMonitor&>(*callback), {1, 1, 5}), ElementsAre(2));
    EXPECT_THROW(StragglerMonitor({.threshold = 1}), ConfigError);
    EXPECT_THROW(StragglerMonitor({.patience = 0}), ConfigError);
}

}  // namespace
}  // namespace lockstep
