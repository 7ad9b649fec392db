#include <gmock/gmock.h>

#include <lockstep/callbacks/prediction_logger.h>

#include "job_keys.h"
#include "probe_test.h"

namespace lockstep {
namespace {

using PredictionLoggerTest = ProbeTest;
using testing::ElementsAre;
using testing::HasSubstr;

TEST_F(PredictionLoggerTest, OneRowPerEpochForTheSameSamples) {
    PredictionLogger& logger = make<PredictionLogger>({.samples = 2});
    EXPECT_EQ(logger.needs().probe_samples, 2U);
    look_at({10, 11, 12}, {1, 0, 0, 1, 5, 5}, {7, 8, 9});  // another callback wants three
    logger.on_train_begin({});
    set_weights(3, 4, 0.5F);
    logger.on_epoch_end(0, {});
    set_weights(-1, 2, 0);
    logger.on_epoch_end(1, {});
    close_run_file();
    EXPECT_THAT(column("/predictions/outputs/epoch"), ElementsAre(0, 1));
    EXPECT_THAT(extents("/predictions/outputs/index"), ElementsAre(2, 2));
    EXPECT_THAT(column("/predictions/outputs/index"), ElementsAre(10, 11, 10, 11));
    EXPECT_THAT(extents("/predictions/outputs/values"), ElementsAre(2, 2, 1));
    EXPECT_THAT(column("/predictions/outputs/values"), ElementsAre(7, 9, -2, 4));
    EXPECT_THAT(description(), HasSubstr("numbers of the samples in the validation data"));
    EXPECT_TRUE(is_sound());
}

TEST_F(PredictionLoggerTest, WritesTargetsOnce) {
    PredictionLogger& logger = make<PredictionLogger>({.samples = 2, .name = "energy"});
    look_at({10, 11, 12}, {1, 0, 0, 1, 5, 5}, {7, -7, 8, -8, 9, -9});
    logger.on_train_begin({});
    logger.on_epoch_end(0, {});
    logger.on_train_begin({});  // as after a resume
    close_run_file();
    EXPECT_THAT(column("/predictions/energy_targets/index"), ElementsAre(10, 11));
    EXPECT_THAT(extents("/predictions/energy_targets/values"), ElementsAre(2, 2));
    EXPECT_THAT(column("/predictions/energy_targets/values"), ElementsAre(7, -7, 8, -8));
    EXPECT_THAT(column("/predictions/energy/epoch"), ElementsAre(0));
}

TEST_F(PredictionLoggerTest, TakesAsManySamplesAsThereAre) {
    PredictionLogger& logger = make<PredictionLogger>({.every = 2});
    look_at({0}, {1, 1}, {});
    logger.on_train_begin({});
    for (int epoch = 0; epoch < 4; ++epoch) logger.on_epoch_end(epoch, {});
    close_run_file();
    EXPECT_THAT(column("/predictions/outputs/epoch"), ElementsAre(0, 2));
    EXPECT_THAT(extents("/predictions/outputs/values"), ElementsAre(2, 1, 1));
    EXPECT_THAT(description(), testing::Not(HasSubstr("_targets")));
}

TEST_F(PredictionLoggerTest, FromAJobFile) {
    const Config keys = Config::table({{"samples", 4}, {"every", 2}, {"name", "u.v-1"}});
    EXPECT_EQ(made_from_all<PredictionLogger>(keys)->needs().probe_samples, 4U);
    EXPECT_THROW(PredictionLogger({.samples = 0}), ConfigError);
    EXPECT_THROW(PredictionLogger({.every = 0}), ConfigError);
    EXPECT_THAT(error_of<ConfigError>([] { PredictionLogger({.name = "a/b"}); }), HasSubstr("a/b"));
}

}  // namespace
}  // namespace lockstep
