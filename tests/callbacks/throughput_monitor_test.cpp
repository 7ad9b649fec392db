#include <cmath>

#include <gmock/gmock.h>

#include <lockstep/callbacks/run_logger.h>
#include <lockstep/callbacks/throughput_monitor.h>
#include <lockstep/core/error.h>

#include "fake_run.h"
#include "support/rate_window.h"

namespace lockstep {
namespace {

using testing::HasSubstr;
using testing::Not;

class ThroughputMonitorTest : public CallbackTest {
protected:
    void train(ThroughputMonitor& callback, std::int64_t batches) {
        callback.on_epoch_begin(run.epoch_now, {});
        for (std::int64_t batch = 0; batch < batches; ++batch) callback.on_train_batch_end(batch, {});
    }
};

TEST_F(ThroughputMonitorTest, FiguresFitTogether) {
    run.samples_now = 32;
    ThroughputMonitor& callback = make<ThroughputMonitor>({.verbose = 0});
    callback.on_train_begin({});
    for (int epoch = 0; epoch < 2; ++epoch) {
        train(callback, 5);
        callback.on_epoch_end(epoch, {});
    }
    ASSERT_EQ(callback.epochs().size(), 2U);
    for (const Throughput& epoch : callback.epochs()) {
        EXPECT_GT(epoch.samples_per_second, 0);
        EXPECT_NEAR(epoch.samples_per_second / epoch.batches_per_second, 32, 1e-9);
        EXPECT_NEAR(epoch.gflops / epoch.samples_per_second, 3 * run.model().flops_per_sample() / 1e9, 1e-20);
    }
    callback.on_train_begin({});
    EXPECT_TRUE(callback.epochs().empty());
}

TEST_F(ThroughputMonitorTest, SharesAreOfAllRanks) {
    run.timings_now = {{.compute = 6, .exchange = 1, .input = 0.5, .callbacks = 0.5, .wait = 2},
                       {.compute = 4, .exchange = 2, .input = 0.5, .callbacks = 0, .wait = 3.5}};
    ThroughputMonitor& callback = make<ThroughputMonitor>({});
    callback.on_train_begin({});
    train(callback, 1);
    EXPECT_TRUE(std::isnan(callback.latest().shares.compute));
    testing::internal::CaptureStderr();
    callback.on_epoch_end(0, {});
    EXPECT_THAT(testing::internal::GetCapturedStderr(),
                HasSubstr("compute 50.0 %, exchange 15.0 %, input 5.0 %, callbacks 2.5 %, wait 27.5 %"));
    EXPECT_DOUBLE_EQ(callback.latest().shares.compute, 10.0 / 20);
    EXPECT_DOUBLE_EQ(callback.latest().shares.exchange, 3.0 / 20);
    EXPECT_DOUBLE_EQ(callback.latest().shares.wait, 5.5 / 20);
}

TEST_F(ThroughputMonitorTest, SpeaksEverySoManyBatches) {
    ThroughputMonitor& callback = make<ThroughputMonitor>({.every = 2});
    callback.on_train_begin({});
    testing::internal::CaptureStderr();
    train(callback, 5);
    const std::string lines = testing::internal::GetCapturedStderr();
    EXPECT_THAT(lines, HasSubstr("epoch 1, batch 2: "));
    EXPECT_THAT(lines, HasSubstr("epoch 1, batch 4: "));
    EXPECT_THAT(lines, Not(HasSubstr("batch 3: ")));
    EXPECT_THAT(lines, Not(HasSubstr("compute")));
}

TEST_F(ThroughputMonitorTest, WritesRowsIntoTheRunLog) {
    run.share_run_file(std::make_shared<io::TableFile>(path("run.h5").string(), io::TableFile::Options{}));
    ThroughputMonitor& callback = make<ThroughputMonitor>({.every = 2, .write = true, .verbose = 0});
    callback.on_train_begin({});
    train(callback, 4);
    callback.on_epoch_end(0, {});
    EXPECT_EQ(run.run_file().rows("/throughput"), 3U);
    run.run_file_now.reset();
    EXPECT_THROW(callback.on_train_begin({}), ConfigError);
}

TEST_F(ThroughputMonitorTest, ReadsItsKeys) {
    const Config keys = Config::from_json(R"({"every": 1, "window": 5, "verbose": 0})");
    const auto callback = ThroughputMonitor::from_config(keys);
    keys.reject_unknown_keys();
    callback->attach(&run);
    auto& monitor = dynamic_cast<ThroughputMonitor&>(*callback);
    run.samples_now = 8;
    testing::internal::CaptureStderr();
    train(monitor, 1);
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
    EXPECT_GT(monitor.latest().samples_per_second, 0);
    EXPECT_THROW(ThroughputMonitor({.every = -1}), ConfigError);
    EXPECT_THROW(ThroughputMonitor({.window = 0}), ConfigError);
}

TEST(RateWindow, SumsTheLastBatches) {
    RateWindow window(3);
    EXPECT_EQ(window.sum().batches, 0U);
    window.start(10);
    const auto expect = [&](double seconds, std::uint64_t batches, std::uint64_t samples) {
        EXPECT_DOUBLE_EQ(window.sum().seconds, seconds);
        EXPECT_EQ(window.sum().batches, batches);
        EXPECT_EQ(window.sum().samples, samples);
    };
    window.add(12, 1);
    expect(2, 1, 1);
    window.add(13, 10);
    window.add(17, 100);
    expect(7, 3, 111);
    window.add(18, 1000);
    expect(6, 3, 1110);
    window.add(19, 10000);
    expect(6, 3, 11100);
    window.start(100);
    window.add(101, 7);
    expect(1, 1, 7);
}

}  // namespace
}  // namespace lockstep
