// A CSV log that goes on: append = true, or a run that was resumed.
#include <fstream>

#include <gmock/gmock.h>

#include <lockstep/callbacks/csv_logger.h>
#include <lockstep/core/error.h>

#include "fake_run.h"

namespace lockstep {
namespace {

using CsvLoggerResume = CallbackTest;
using testing::HasSubstr;

// Keras writes accuracy under the heading of the loss then.
TEST_F(CsvLoggerResume, AppendFollowsTheHeaderOfTheFile) {
    std::ofstream(path("t.csv")) << "epoch,loss,val_loss\n0,0.5,0.75\n";
    CsvLogger& logger = make<CsvLogger>({.path = "t.csv", .append = true});
    logger.on_train_begin({});
    logger.on_epoch_end(1, make_logs({{"accuracy", 0.9}, {"loss", 0.25}}));
    EXPECT_EQ(text_of("t.csv"), "epoch,loss,val_loss,accuracy\n0,0.5,0.75,NA\n1,0.25,NA,0.9\n");
}

TEST_F(CsvLoggerResume, AppendAddsColumnsThatAreKnownBeforehand) {
    run.params_now = {.metrics = {"loss", "mae"}};
    std::ofstream(path("t.csv")) << "epoch,loss\n0,0.5\n";
    CsvLogger& logger = make<CsvLogger>({.path = "t.csv", .append = true});
    logger.on_train_begin({});
    logger.on_epoch_end(1, make_logs({{"loss", 0.25}, {"mae", 2}}));
    EXPECT_EQ(text_of("t.csv"), "epoch,loss,mae\n0,0.5,NA\n1,0.25,2\n");
}

TEST_F(CsvLoggerResume, AppendBeginsAFileThatIsNotThere) {
    CsvLogger& logger = make<CsvLogger>({.path = "t.csv", .append = true});
    logger.on_train_begin({});
    logger.on_epoch_end(0, make_logs({{"loss", 0.5}}));
    EXPECT_EQ(text_of("t.csv"), "epoch,loss\n0,0.5\n");
}

TEST_F(CsvLoggerResume, AppendRefusesAnotherKindOfFile) {
    const auto refusal = [this](const std::string& text, CsvLogger::Options options) {
        std::ofstream(path("t.csv")) << text;
        options.path = "t.csv";
        options.append = true;
        CsvLogger& logger = make<CsvLogger>(options);
        std::string message = error_of<DataError>([&] { logger.on_train_begin({}); });
        EXPECT_EQ(text_of("t.csv"), text) << "it stays as it is";
        return message;
    };
    EXPECT_THAT(refusal("time;value\n", {}), HasSubstr("begins with \"epoch\", got \"time;value\""));
    EXPECT_THAT(refusal("a note", {}), HasSubstr("begins with \"epoch\", got \"\""));
    EXPECT_THAT(refusal("epoch,loss\n", {.per = CsvLogger::Per::batch}),
                HasSubstr("\"epoch,batch,step\", got \"epoch,loss\""));
    EXPECT_THAT(refusal("epoch,loss,accuracy\n", {.columns = {{"epoch"}, {"loss"}}}),
                HasSubstr("\"epoch,loss\", got \"epoch,loss,accuracy\""));
    EXPECT_THAT(refusal("epoch\n", {.columns = {{"epoch"}, {"loss"}}}), HasSubstr("got \"epoch\""));
}

TEST_F(CsvLoggerResume, AppendReadsQuotedHeaders) {
    std::ofstream(path("t.csv")) << "epoch,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\"\n0,1,2,3\n";
    CsvLogger& logger = make<CsvLogger>({.path = "t.csv", .append = true});
    logger.on_train_begin({});
    logger.on_epoch_end(1, make_logs({{"two\nlines", 6}, {"say \"hi\"", 5}, {"a,b", 4}}));
    EXPECT_EQ(text_of("t.csv"), "epoch,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\"\n0,1,2,3\n1,4,5,6\n");
}

TEST_F(CsvLoggerResume, AppendDropsATornRow) {
    std::ofstream(path("t.csv")) << "epoch,loss\n0,0.5\n1,0.2";
    CsvLogger& logger = make<CsvLogger>({.path = "t.csv", .append = true});
    logger.on_train_begin({});
    logger.on_epoch_end(1, make_logs({{"loss", 0.25}}));
    EXPECT_EQ(text_of("t.csv"), "epoch,loss\n0,0.5\n1,0.25\n");
}

TEST_F(CsvLoggerResume, AppendUnderstandsCarriageReturns) {
    std::ofstream(path("t.csv")) << "epoch,loss\r\n0,0.5\r\n";
    CsvLogger& logger = make<CsvLogger>({.path = "t.csv", .append = true});
    logger.on_train_begin({});
    logger.on_epoch_end(1, make_logs({{"loss", 0.25}}));
    EXPECT_EQ(text_of("t.csv"), "epoch,loss\r\n0,0.5\r\n1,0.25\n");
    logger.on_epoch_end(2, make_logs({{"loss", 0.25}, {"late", 1}}));
    EXPECT_EQ(text_of("t.csv"), "epoch,loss,late\n0,0.5,NA\n1,0.25,NA\n2,0.25,1\n");
}

TEST_F(CsvLoggerResume, CutsRowsBeyondTheCheckpoint) {
    CsvLogger& first = make<CsvLogger>({.path = "t.csv"});
    first.on_train_begin({});
    first.on_epoch_end(0, make_logs({{"loss", 0.5}}));
    const Config state = first.state();
    first.on_epoch_end(1, make_logs({{"loss", 99}}));
    first.state();                                       // writes the row
    std::ofstream(path("t.csv"), std::ios::app) << "2";  // killed while writing

    CsvLogger& second = make<CsvLogger>({.path = "t.csv"});
    second.restore(state);
    second.on_train_begin({});
    EXPECT_EQ(text_of("t.csv"), "epoch,loss\n0,0.5\n");
    second.on_epoch_end(1, make_logs({{"loss", 0.25}}));
    EXPECT_EQ(text_of("t.csv"), "epoch,loss\n0,0.5\n1,0.25\n");
    EXPECT_EQ(second.state().get<int>("rows"), 2);
    EXPECT_EQ(second.state().get<std::size_t>("bytes"), text_of("t.csv").size());
}

TEST_F(CsvLoggerResume, AColumnMayHaveComeAfterTheCheckpoint) {
    CsvLogger& first = make<CsvLogger>({.path = "t.csv"});
    first.on_train_begin({});
    first.on_epoch_end(0, make_logs({{"loss", 0.5}}));
    const Config state = first.state();
    first.on_epoch_end(1, make_logs({{"loss", 99}, {"late", 99}}));
    first.state();  // writes the row

    CsvLogger& second = make<CsvLogger>({.path = "t.csv"});
    second.restore(state);
    second.on_train_begin({});
    second.on_epoch_end(1, make_logs({{"loss", 0.25}}));
    EXPECT_EQ(text_of("t.csv"), "epoch,loss,late\n0,0.5,NA\n1,0.25,NA\n");
}

TEST_F(CsvLoggerResume, StateKnowsNoRowsThatTheFileLacks) {
    CsvLogger& logger = make<CsvLogger>({.path = "t.csv", .per = CsvLogger::Per::batch});
    EXPECT_TRUE(logger.state().is_null());
    logger.on_train_begin({});
    logger.on_train_batch_end(0, make_logs({{"loss", 0.5}}));
    const Config state = logger.state();
    EXPECT_EQ(state.get<int>("rows"), 1);
    EXPECT_EQ(text_of("t.csv"), "epoch,batch,step,loss,batch_loss\n0,0,0,0.5,NA\n");
}

TEST_F(CsvLoggerResume, GoesOnAfterTheEndOfAnEarlierRun) {
    CsvLogger& first = make<CsvLogger>({.path = "t.csv"});
    first.on_train_begin({});
    first.on_epoch_end(0, make_logs({{"loss", 0.5}}));
    first.on_train_end({});
    const Config state = first.state();  // of a checkpoint that on_train_end asked for

    CsvLogger& second = make<CsvLogger>({.path = "t.csv"});
    second.restore(state);
    second.on_train_begin({});
    second.on_epoch_end(1, make_logs({{"loss", 0.25}}));
    EXPECT_EQ(text_of("t.csv"), "epoch,loss\n0,0.5\n1,0.25\n");
}

TEST_F(CsvLoggerResume, SaysWhatIsMissing) {
    const Config state = Config::table({{"bytes", 1000}, {"rows", 7}});
    testing::internal::CaptureStderr();
    CsvLogger& gone = make<CsvLogger>({.path = "gone.csv"});
    gone.restore(state);
    gone.on_train_begin({});
    EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("gone.csv is gone"));

    std::ofstream(path("t.csv")) << "epoch,loss\n0,0.5\n";
    testing::internal::CaptureStderr();
    CsvLogger& shorter = make<CsvLogger>({.path = "t.csv"});
    shorter.restore(state);
    shorter.on_train_begin({});
    EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("the last 6 rows before the checkpoint"));
    EXPECT_EQ(shorter.state().get<int>("rows"), 1);
}

}  // namespace
}  // namespace lockstep
