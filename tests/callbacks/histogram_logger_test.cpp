#include <limits>

#include <gmock/gmock.h>

#include <lockstep/callbacks/histogram_logger.h>

#include "job_keys.h"
#include "run_file_test.h"

namespace lockstep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class HistogramLoggerTest : public RunFileTest {
protected:
    HistogramLoggerTest() {
        run.weights_now.assign(run.model().parameters().size, 0.0F);
        run.gradients_now = run.weights_now;
        run.params_now.steps = 3;
        open_run_file();
    }

    void set(std::vector<float>& all, float first, float second, float bias) {
        const std::vector<Parameter>& parameters = run.model().parameters().parameters;
        all[parameters[0].offset] = first;
        all[parameters[0].offset + 1] = second;
        all[parameters[1].offset] = bias;
    }
};

TEST_F(HistogramLoggerTest, EdgesAndCountsOfEachWeight) {
    HistogramLogger& logger = make<HistogramLogger>({.bins = 4});
    EXPECT_FALSE(logger.needs().gradients);
    logger.on_train_begin({});
    set(run.weights_now, 0, 2, 5);
    logger.on_epoch_end(0, {});
    set(run.weights_now, 8, -8, 0);
    logger.on_epoch_end(1, {});
    close_run_file();
    EXPECT_THAT(column("/histograms/dense/kernel/epoch"), ElementsAre(0, 1));
    EXPECT_THAT(extents("/histograms/dense/kernel/edges"), ElementsAre(2, 5));
    EXPECT_THAT(column("/histograms/dense/kernel/edges"), ElementsAre(0, 0.5, 1, 1.5, 2, -8, -4, 0, 4, 8));
    EXPECT_THAT(column("/histograms/dense/kernel/counts"), ElementsAre(1, 0, 0, 1, 1, 0, 0, 1));
    // The bias is one value.
    EXPECT_THAT(column("/histograms/dense/bias/edges"),
                ElementsAre(4.5, 4.75, 5, 5.25, 5.5, -0.5, -0.25, 0, 0.25, 0.5));
    EXPECT_THAT(column("/histograms/dense/bias/counts"), ElementsAre(0, 0, 1, 0, 0, 0, 1, 0));
    EXPECT_THAT(description(), Not(HasSubstr("gradient")));
    EXPECT_TRUE(is_sound());
}

TEST_F(HistogramLoggerTest, NanIsInNoBin) {
    HistogramLogger& logger = make<HistogramLogger>({.bins = 1});
    logger.on_train_begin({});
    const float nan = std::numeric_limits<float>::quiet_NaN();
    set(run.weights_now, nan, 3, nan);
    logger.on_epoch_end(0, {});
    close_run_file();
    EXPECT_THAT(column("/histograms/dense/kernel/edges"), ElementsAre(2.5, 3.5));
    EXPECT_THAT(column("/histograms/dense/kernel/counts"), ElementsAre(1));
    EXPECT_THAT(column("/histograms/dense/bias/edges"), ElementsAre(-0.5, 0.5));
    EXPECT_THAT(column("/histograms/dense/bias/counts"), ElementsAre(0));
}

TEST_F(HistogramLoggerTest, GradientsOfTheLastStepOfAnEpoch) {
    HistogramLogger& logger = make<HistogramLogger>({.every = 2, .bins = 2, .gradients = true});
    EXPECT_TRUE(logger.needs().gradients);
    logger.on_train_begin({});
    for (run.epoch_now = 0; run.epoch_now < 3; ++run.epoch_now) {
        for (std::int64_t batch = 0; batch < 3; ++batch) {
            set(run.gradients_now, 0, static_cast<float>(10 * run.epoch_now + batch), 1);
            logger.on_train_batch_end(batch, {});
        }
        logger.on_epoch_end(run.epoch_now, {});
    }
    close_run_file();
    EXPECT_THAT(column("/gradient_histograms/dense/kernel/epoch"), ElementsAre(0, 2));
    EXPECT_THAT(column("/gradient_histograms/dense/kernel/edges"), ElementsAre(0, 1, 2, 0, 11, 22));
    EXPECT_THAT(column("/histograms/dense/kernel/epoch"), ElementsAre(0, 2));
    EXPECT_TRUE(is_sound());
}

TEST_F(HistogramLoggerTest, AnEpochThatStopsEarlyHasGradientsToo) {
    HistogramLogger& logger = make<HistogramLogger>({.bins = 2, .gradients = true});
    logger.on_train_begin({});
    logger.on_train_batch_end(0, {});
    run.stop_training("patience is over", StopCause::wish);
    set(run.gradients_now, -2, 2, 1);
    logger.on_train_batch_end(1, {});
    close_run_file();
    EXPECT_THAT(column("/gradient_histograms/dense/kernel/edges"), ElementsAre(-2, 0, 2));
}

TEST_F(HistogramLoggerTest, FromAJobFile) {
    const Config keys = Config::table({{"every", 10}, {"bins", 64}, {"gradients", true}});
    EXPECT_TRUE(made_from_all<HistogramLogger>(keys)->needs().gradients);
    EXPECT_THROW(HistogramLogger({.every = 0}), ConfigError);
    EXPECT_THAT(error_of<ConfigError>([] { HistogramLogger({.bins = 0}); }), HasSubstr("bins"));
}

}  // namespace
}  // namespace lockstep
