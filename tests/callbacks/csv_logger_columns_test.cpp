// What the rows of a CSV log hold: batches, and columns that the user chose.
#include <sstream>

#include <gmock/gmock.h>

#include <lockstep/callbacks/csv_logger.h>
#include <lockstep/core/stopwatch.h>

#include "fake_run.h"

namespace lockstep {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

class CsvLoggerColumns : public CallbackTest {
protected:
    /// One batch: its running means, and its values alone.
    void train(CsvLogger& logger, int batch, const Logs& logs, const Logs& alone) {
        logger.on_train_batch_begin(batch, {});
        run.batch_logs_now = alone;
        logger.on_train_batch_end(batch, logs);
        ++run.step_now;
    }
    void validate(CsvLogger& logger, int batch, const Logs& logs, const Logs& alone) {
        logger.on_test_batch_begin(batch, {});
        run.batch_logs_now = alone;
        logger.on_test_batch_end(batch, logs);
    }

    const Logs epoch_logs = make_logs({{"loss", 0.69314},
                                       {"accuracy", 0.5},
                                       {"precision", 0.25},
                                       {"recall", 1.0},
                                       {"val_loss", 0.70001},
                                       {"val_accuracy", 0.46875},
                                       {"val_precision", 0},
                                       {"val_recall", 0.33333}});
};

TEST_F(CsvLoggerColumns, BatchRowsHoldTheRunningMeanAndTheBatchAlone) {
    CsvLogger& logger =
        make<CsvLogger>({.path = "t.csv", .per = CsvLogger::Per::batch, .learning_rate = true});
    run.params_now = {.metrics = {"loss", "mae"}, .has_validation = true};
    run.used_rate_now = 0.5;
    run.epoch_now = 2;
    run.step_now = 20;
    logger.on_train_begin({});
    train(logger, 0, make_logs({{"loss", 4}, {"mae", 2}}), make_logs({{"loss", 4}, {"mae", 2}}));
    train(logger, 1, make_logs({{"loss", 3}, {"mae", 1.5}}), make_logs({{"loss", 2}, {"mae", 1}}));
    validate(logger, 0, make_logs({{"loss", 9}}), make_logs({{"loss", 9}}));  // not asked for
    logger.on_epoch_end(2, epoch_logs);
    EXPECT_EQ(text_of("t.csv"),
              "epoch,batch,step,learning_rate,loss,batch_loss,mae,batch_mae\n"
              "2,0,20,0.5,4,4,2,2\n"
              "2,1,21,0.5,3,2,1.5,1\n");
}

TEST_F(CsvLoggerColumns, EveryNthBatchFromOneOn) {
    CsvLogger& logger = make<CsvLogger>({.path = "t.csv",
                                         .index_base = 1,
                                         .per = CsvLogger::Per::batch,
                                         .every = 3,
                                         .columns = {{"epoch"}, {"batch"}, {"step"}}});
    logger.on_train_begin({});
    for (int epoch = 0; epoch < 2; ++epoch) {
        run.epoch_now = epoch;
        for (int batch = 0; batch < 5; ++batch) train(logger, batch, {}, {});
        logger.on_epoch_end(epoch, {});
    }
    EXPECT_EQ(text_of("t.csv"), "epoch,batch,step\n1,1,1\n1,4,4\n2,1,6\n2,4,9\n");
}

TEST_F(CsvLoggerColumns, ValidationRowsHaveAPhaseAndNoLearningRate) {
    CsvLogger& logger = make<CsvLogger>(
        {.path = "t.csv", .per = CsvLogger::Per::batch, .learning_rate = true, .validation = true});
    validate(logger, 0, make_logs({{"loss", 9}}), {});  // an evaluation before fit
    logger.on_train_begin({});
    run.used_rate_now = 0.5;
    train(logger, 0, make_logs({{"loss", 4}}), make_logs({{"loss", 4}}));
    validate(logger, 0, make_logs({{"loss", 2}}), make_logs({{"loss", 2}}));
    validate(logger, 1, make_logs({{"loss", 1.5}}), make_logs({{"loss", 1}}));
    logger.on_epoch_end(0, {});
    logger.on_train_end({});
    validate(logger, 0, make_logs({{"loss", 9}}), {});  // and one after it
    EXPECT_EQ(text_of("t.csv"),
              "epoch,batch,step,phase,learning_rate,loss,batch_loss\n"
              "0,0,0,train,0.5,4,4\n"
              "0,0,1,validation,NA,2,2\n"
              "0,1,1,validation,NA,1.5,1\n");
}

// The three files of the guide to logging Keras' fit, byte for byte.
TEST_F(CsvLoggerColumns, GuideEpochFile) {
    CsvLogger& logger = make<CsvLogger>({.path = "t.csv",
                                         .index_base = 1,
                                         .columns = {{"epoch", "Epoch"},
                                                     {"loss", " Loss", ".4f"},
                                                     {"accuracy", " Accuracy", ".4f"},
                                                     {"precision", " precision", ".4f"},
                                                     {"recall", " recall", ".4f"},
                                                     {"val_loss", " val_loss", ".4f"},
                                                     {"val_accuracy", " val_accuracy", ".4f"},
                                                     {"val_precision", " val_precision", ".4f"},
                                                     {"val_recall", " val_recall", ".4f"}}});
    logger.on_train_begin({});
    logger.on_epoch_end(0, epoch_logs);
    EXPECT_EQ(text_of("t.csv"),
              "Epoch, Loss, Accuracy, precision, recall, val_loss, val_accuracy, val_precision, val_recall\n"
              "1,0.6931,0.5000,0.2500,1.0000,0.7000,0.4688,0.0000,0.3333\n");
}

TEST_F(CsvLoggerColumns, GuideBatchFile) {
    CsvLogger& logger = make<CsvLogger>({.path = "t.csv",
                                         .index_base = 1,
                                         .per = CsvLogger::Per::batch,
                                         .columns = {{"batch", "Batch"},
                                                     {"loss", " Loss", ".4f"},
                                                     {"accuracy", " Accuracy", ".4f"},
                                                     {"precision", " precision", ".4f"},
                                                     {"recall", " recall", ".4f"}}});
    logger.on_train_begin({});
    train(logger, 0, epoch_logs, {});
    train(logger, 1, epoch_logs, {});
    logger.on_epoch_end(0, {});
    EXPECT_EQ(text_of("t.csv"),
              "Batch, Loss, Accuracy, precision, recall\n"
              "1,0.6931,0.5000,0.2500,1.0000\n"
              "2,0.6931,0.5000,0.2500,1.0000\n");
}

TEST_F(CsvLoggerColumns, GuideFileWithTimestampAndLearningRate) {
    CsvLogger& logger = make<CsvLogger>({.path = "t.csv",
                                         .index_base = 1,
                                         .columns = {{"timestamp", "Timestamp", "%Y-%m-%dT%H:%M:%S"},
                                                     {"epoch", " Epoch"},
                                                     {"loss", " Loss", ".4f"},
                                                     {"accuracy", " Accuracy", ".4f"},
                                                     {"learning_rate", " Learning Rate", ".6f"},
                                                     {"precision", " precision", ".4f"},
                                                     {"recall", " recall", ".4f"}}});
    run.used_rate_now = 0.001;
    logger.on_train_begin({});
    logger.on_epoch_end(0, epoch_logs);
    EXPECT_THAT(text_of("t.csv"),
                MatchesRegex("Timestamp, Epoch, Loss, Accuracy, Learning Rate, precision, recall\n"
                             "20..-..-..T..:..:..,1,0.6931,0.5000,0.001000,0.2500,1.0000\n"));
}

TEST_F(CsvLoggerColumns, ChosenColumnsAreAll) {
    CsvLogger& logger = make<CsvLogger>(
        {.path = "t.csv", .per = CsvLogger::Per::batch, .columns = {{"batch_loss"}, {"none"}, {"batch"}}});
    logger.on_train_begin({});
    EXPECT_EQ(text_of("t.csv"), "batch_loss,none,batch\n") << "before the first row";
    testing::internal::CaptureStderr();
    train(logger, 0, make_logs({{"loss", 3}, {"mae", 1}}), make_logs({{"loss", 2}}));
    EXPECT_EQ(logger.state().get<int>("rows"), 1);
    EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("no value yet for: none; the logs have"));
    testing::internal::CaptureStderr();
    train(logger, 1, make_logs({{"loss", 2}, {"late", 1}}), {});
    EXPECT_EQ(logger.state().get<int>("rows"), 2);
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
    logger.on_epoch_end(0, {});
    EXPECT_EQ(text_of("t.csv"), "batch_loss,none,batch\n2,NA,0\nNA,NA,1\n");
}

TEST_F(CsvLoggerColumns, TimesAreOfTheRow) {
    const double begin = unix_time();
    CsvLogger& logger = make<CsvLogger>(
        {.path = "t.csv", .separator = ";", .columns = {{"time"}, {"duration"}, {"timestamp"}}});
    logger.on_train_begin({});
    logger.on_epoch_begin(0, {});
    logger.on_epoch_end(0, {});
    std::istringstream rows(text_of("t.csv"));
    std::string header;
    double time = 0;
    double duration = -1;
    char separator = 0;
    std::string timestamp;
    std::getline(rows, header) >> time >> separator >> duration >> separator >> timestamp;
    EXPECT_EQ(header, "time;duration;timestamp");
    EXPECT_GE(time, begin - 0.001);
    EXPECT_LE(time, unix_time() + 0.001);
    EXPECT_GE(duration, 0);
    EXPECT_LE(duration, unix_time() - begin + 0.001);
    EXPECT_THAT(timestamp, MatchesRegex("....-..-..T..:..:..[.]...[+-]..:.."));
}

}  // namespace
}  // namespace lockstep
