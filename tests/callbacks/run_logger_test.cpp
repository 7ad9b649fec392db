#include <cmath>

#include <gmock/gmock.h>

#include <lockstep/callbacks/run_logger.h>
#include <lockstep/core/error.h>

#include "run_file_test.h"

namespace lockstep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class RunLoggerTest : public RunFileTest {
protected:
    RunLoggerTest() {
        run.info_now.world_size = 2;
        run.info_now.shards = 8;
        run.info_now.seed = 42;
        run.info_now.ranks = {{"node01", 11, 4, "SkylakeX"}, {"node02", 12, 4, "SkylakeX"}};
        run.notes_now.set("job", "[run]\nname = \"x\"\n");
        run.samples_now = 64;
        run.timings_now = {{.compute = 1.5}, {.compute = 2.5}};
    }

    /// Two batches, one of validation.
    void epoch(RunLogger& logger) {
        logger.on_epoch_begin(run.epoch_now, {});
        for (std::int64_t batch = 0; batch < 2; ++batch) {
            run.step_now = 2 * run.epoch_now + batch;
            run.used_rate_now = 0.1 / static_cast<double>(run.step_now + 1);
            run.rate_now = 777.0;  // of the next step, as a schedule would say
            run.batch_logs_now = make_logs({{"loss", 10.0 + static_cast<double>(run.step_now)}});
            logger.on_train_batch_begin(batch, {});
            logger.on_train_batch_end(batch, make_logs({{"loss", static_cast<double>(run.step_now)}}));
        }
        run.samples_now = 32;
        logger.on_test_batch_end(0, make_logs({{"loss", 5.0}}));
        run.samples_now = 64;
        logger.on_epoch_end(run.epoch_now, make_logs({{"loss", 0.5}, {"val_loss", 0.75}}));
        ++run.epoch_now;
    }
};

TEST_F(RunLoggerTest, OneRowPerEpochAndBatch) {
    RunLogger& logger = make<RunLogger>({});
    logger.on_train_begin({});
    epoch(logger);
    epoch(logger);
    logger.on_train_end({});
    EXPECT_THAT(column("/epochs/epoch"), ElementsAre(0, 1));
    EXPECT_THAT(column("/epochs/loss"), ElementsAre(0.5F, 0.5F));
    EXPECT_THAT(column("/epochs/val_loss"), ElementsAre(0.75F, 0.75F));
    EXPECT_THAT(column("/epochs/learning_rate"), ElementsAre(0.05F, 0.025F));
    EXPECT_THAT(column("/train_batches/step"), ElementsAre(0, 1, 2, 3));
    EXPECT_THAT(column("/train_batches/epoch"), ElementsAre(0, 0, 1, 1));
    EXPECT_THAT(column("/train_batches/batch"), ElementsAre(0, 1, 0, 1));
    EXPECT_THAT(column("/train_batches/samples"), ElementsAre(64, 64, 64, 64));
    EXPECT_THAT(column("/train_batches/loss"), ElementsAre(0, 1, 2, 3));
    EXPECT_THAT(column("/train_batches/batch_loss"), ElementsAre(10, 11, 12, 13));
    EXPECT_THAT(column("/train_batches/learning_rate"), ElementsAre(0.1F, 0.05F, 0.1F / 3.0F, 0.025F));
    EXPECT_THAT(column("/val_batches/samples"), ElementsAre(32, 32));
    EXPECT_THAT(column("/ranks/info/pid"), ElementsAre(11, 12));
    EXPECT_THAT(column("/ranks/timing/rank"), ElementsAre(0, 1, 0, 1));
    EXPECT_THAT(column("/ranks/timing/compute"), ElementsAre(1.5F, 2.5F, 1.5F, 2.5F));
    EXPECT_TRUE(is_sound());
}

TEST_F(RunLoggerTest, SaysWhatTheRunIs) {
    RunLogger& logger = make<RunLogger>({});
    logger.on_train_begin({});
    epoch(logger);
    EXPECT_THAT(description(), HasSubstr("\"running\""));
    logger.on_train_end({});
    const std::string text = description();
    for (const char* expected : {"lockstep.run/1", "run_id", "\"finished\"", "world_size", "heartbeat",
                                 "name = ", "versions", "unit", "Unix time when the row was made"})
        EXPECT_THAT(text, HasSubstr(expected));
}

TEST_F(RunLoggerTest, SaysHowItEnded) {
    RunLogger& stopped = make<RunLogger>({});
    stopped.on_train_begin({});
    run.stop_training("patience is over", StopCause::wish);
    stopped.on_train_end({});
    EXPECT_THAT(description(), HasSubstr("\"stopped\""));
    EXPECT_THAT(description(), HasSubstr("patience is over"));

    RunLogger& failed = make<RunLogger>({});
    failed.on_train_begin({});
    failed.on_exception(std::runtime_error("the disk is gone"));
    EXPECT_THAT(description(), HasSubstr("\"failed\""));
    EXPECT_THAT(description(), HasSubstr("the disk is gone"));
}

TEST_F(RunLoggerTest, LeavesOutBatches) {
    RunLogger& logger = make<RunLogger>({.batches = false});
    logger.on_train_begin({});
    epoch(logger);
    logger.on_train_end({});
    EXPECT_THAT(column("/epochs/epoch"), ElementsAre(0));
    EXPECT_THAT(description(), Not(HasSubstr("_batches")));
}

TEST_F(RunLoggerTest, OthersAddTablesToItsFile) {
    RunLogger& logger = make<RunLogger>({});
    logger.on_train_begin({});
    run.run_file().append("/mine", {{"x", 5}});
    EXPECT_EQ(logger.state().at("rows").get<int>("/mine"), 1);
    logger.on_train_end({});
    EXPECT_FALSE(run.run_file_now);
    EXPECT_THAT(column("/mine/x"), ElementsAre(5));

    logger.on_train_begin({});
    EXPECT_TRUE(run.run_file_now);
    logger.on_exception(std::runtime_error("killed"));
    EXPECT_FALSE(run.run_file_now);
}

TEST_F(RunLoggerTest, AResumeCutsTheTablesOfOthersToo) {
    RunLogger& first = make<RunLogger>({});
    first.on_train_begin({});
    run.run_file().append("/mine", {{"x", 0}});
    const Config state = Config::from_json(first.state().to_json());
    run.run_file().append("/mine", {{"x", 99}});  // after the checkpoint
    run.run_file().append("/new", {{"x", 99}});
    first.on_exception(std::runtime_error("killed"));

    RunLogger& second = make<RunLogger>({});
    second.restore(state);
    second.on_train_begin({});
    EXPECT_EQ(run.run_file().rows("/new"), 0U);
    run.run_file().append("/mine", {{"x", 1}});
    second.on_train_end({});
    EXPECT_THAT(column("/mine/x"), ElementsAre(0, 1));
}

TEST_F(RunLoggerTest, ResumedCurveNeverOverlapsItself) {
    RunLogger& first = make<RunLogger>({});
    first.on_train_begin({});
    epoch(first);
    const Config state = Config::from_json(first.state().to_json());
    epoch(first);  // after the checkpoint, then killed
    first.on_exception(std::runtime_error("killed"));

    run.epoch_now = 1;
    RunLogger& second = make<RunLogger>({});
    second.restore(state);
    second.on_train_begin({});
    epoch(second);
    second.on_train_end({});
    EXPECT_THAT(column("/epochs/epoch"), ElementsAre(0, 1));
    EXPECT_THAT(column("/train_batches/step"), ElementsAre(0, 1, 2, 3));
    EXPECT_THAT(column("/val_batches/epoch"), ElementsAre(0, 1));
    EXPECT_THAT(column("/ranks/info/pid"), ElementsAre(11, 12));
    EXPECT_EQ(second.state(), Config());
    EXPECT_THAT(description(), HasSubstr(state.get<std::string>("run_id")));
    EXPECT_THAT(description(), HasSubstr("\"finished\""));
}

TEST_F(RunLoggerTest, LateKeyIsBackFilled) {
    RunLogger& logger = make<RunLogger>({});
    logger.on_train_begin({});
    logger.on_epoch_end(0, make_logs({{"loss", 1}}));
    logger.on_epoch_end(1, make_logs({{"loss", 2}, {"residual", 3}}));
    logger.on_train_end({});
    const std::vector<float> residual = column("/epochs/residual");
    ASSERT_EQ(residual.size(), 2U);
    EXPECT_TRUE(std::isnan(residual[0]));
    EXPECT_EQ(residual[1], 3.0F);
}

TEST_F(RunLoggerTest, IgnoresEvaluationsOutsideOfTraining) {
    RunLogger& logger = make<RunLogger>({});
    logger.on_test_batch_end(0, make_logs({{"loss", 5.0}}));
    EXPECT_FALSE(std::filesystem::exists(path("run.h5")));
}

TEST_F(RunLoggerTest, SaysWhatItRefuses) {
    EXPECT_THROW(RunLogger({.flush = 0.0}), ConfigError);
    EXPECT_THROW(RunLogger({.path = ""}), ConfigError);
    EXPECT_TRUE(RunLogger::from_config(Config::table({{"path", "log.h5"}, {"flush", "5s"}})));
    const Config old = Config::table({{"gradient_norms", true}});
    EXPECT_THAT(error_of<ConfigError>([&] { RunLogger::from_config(old); }),
                HasSubstr("gradient_norm_logger"));
}

}  // namespace
}  // namespace lockstep
