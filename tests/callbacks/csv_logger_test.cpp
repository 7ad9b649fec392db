#include <fstream>

#include <gmock/gmock.h>

#include <lockstep/callbacks/csv_logger.h>
#include <lockstep/core/error.h>

#include "fake_run.h"

namespace lockstep {
namespace {

using CsvLoggerTest = CallbackTest;
using testing::HasSubstr;

TEST_F(CsvLoggerTest, KeepsTheOrderOfTheLogs) {
    CsvLogger& logger = make<CsvLogger>({.path = "logs/training.csv"});
    logger.on_train_begin({});
    logger.on_epoch_end(0, make_logs({{"loss", 0.5}, {"accuracy", 0.25}}));
    logger.on_epoch_end(1, make_logs({{"loss", 1e-9}, {"accuracy", 1.0}}));
    EXPECT_EQ(text_of("logs/training.csv"), "epoch,loss,accuracy\n0,0.5,0.25\n1,1e-09,1\n");
}

TEST_F(CsvLoggerTest, SeparatorAndIndexBase) {
    CsvLogger& logger = make<CsvLogger>({.path = "t.csv", .separator = ";", .index_base = 1});
    logger.on_train_begin({});
    logger.on_epoch_end(0, make_logs({{"loss", 0.5}}));
    EXPECT_EQ(text_of("t.csv"), "epoch;loss\n1;0.5\n");
}

// Keras drops such a key silently.
TEST_F(CsvLoggerTest, LateKeyGetsAColumn) {
    CsvLogger& logger = make<CsvLogger>({.path = "t.csv"});
    logger.on_train_begin({});
    logger.on_epoch_end(0, make_logs({{"loss", 0.5}}));
    logger.on_epoch_end(1, make_logs({{"loss", 0.25}, {"val_loss", 2}}));
    logger.on_epoch_end(2, make_logs({{"loss", 0.125}}));
    EXPECT_EQ(text_of("t.csv"), "epoch,loss,val_loss\n0,0.5,NA\n1,0.25,2\n2,0.125,NA\n");
    EXPECT_FALSE(std::filesystem::exists(path("t.csv.tmp")));
}

TEST_F(CsvLoggerTest, SecondRunReplacesTheFile) {
    CsvLogger& logger = make<CsvLogger>({.path = "t.csv"});
    for (int fit = 0; fit < 2; ++fit) {
        logger.on_train_begin({});
        logger.on_epoch_end(0, make_logs({{"loss", 0.5}}));
    }
    EXPECT_EQ(text_of("t.csv"), "epoch,loss\n0,0.5\n");
}

// Keras writes accuracy under the heading of the loss then.
TEST_F(CsvLoggerTest, AppendFollowsTheHeaderOfTheFile) {
    std::ofstream(path("t.csv")) << "epoch,loss,val_loss\n0,0.5,0.75\n";
    CsvLogger& logger = make<CsvLogger>({.path = "t.csv", .append = true});
    logger.on_train_begin({});
    logger.on_epoch_end(1, make_logs({{"accuracy", 0.9}, {"loss", 0.25}}));
    EXPECT_EQ(text_of("t.csv"), "epoch,loss,val_loss,accuracy\n0,0.5,0.75,NA\n1,0.25,NA,0.9\n");
}

TEST_F(CsvLoggerTest, AppendRefusesAnotherKindOfFile) {
    std::ofstream(path("t.csv")) << "time;value\n";
    CsvLogger& logger = make<CsvLogger>({.path = "t.csv", .append = true});
    EXPECT_THAT(message_of<DataError>([&] { logger.on_train_begin({}); }),
                HasSubstr("begins with \"epoch,\", got \"time;value\""));
    EXPECT_EQ(text_of("t.csv"), "time;value\n");
}

TEST_F(CsvLoggerTest, ResumeCutsRowsBeyondTheCheckpoint) {
    CsvLogger& first = make<CsvLogger>({.path = "t.csv"});
    first.on_train_begin({});
    first.on_epoch_end(0, make_logs({{"loss", 0.5}}));
    const Config state = first.state();
    first.on_epoch_end(1, make_logs({{"loss", 99}}));
    std::ofstream(path("t.csv"), std::ios::app) << "2";  // killed while writing

    CsvLogger& second = make<CsvLogger>({.path = "t.csv"});
    second.restore(state);
    second.on_train_begin({});
    second.on_epoch_end(1, make_logs({{"loss", 0.25}}));
    EXPECT_EQ(text_of("t.csv"), "epoch,loss\n0,0.5\n1,0.25\n");
    EXPECT_EQ(second.state().get<int>("rows"), 2);
}

TEST_F(CsvLoggerTest, AppendDropsATornRow) {
    std::ofstream(path("t.csv")) << "epoch,loss\n0,0.5\n1";
    CsvLogger& logger = make<CsvLogger>({.path = "t.csv", .append = true});
    logger.on_train_begin({});
    logger.on_epoch_end(1, make_logs({{"loss", 0.25}}));
    EXPECT_EQ(text_of("t.csv"), "epoch,loss\n0,0.5\n1,0.25\n");
}

TEST_F(CsvLoggerTest, SaysWhatItRefuses) {
    EXPECT_THROW(CsvLogger({}), ConfigError);
    EXPECT_THROW(CsvLogger({.path = "t.csv", .index_base = 2}), ConfigError);
    CsvLogger& logger = make<CsvLogger>({.path = "t.csv"});
    logger.on_train_begin({});
    EXPECT_THAT(message_of<ConfigError>([&] {
                    logger.on_epoch_end(0, make_logs({{"a,b", 1}}));
                }),
                HasSubstr("a,b"));
    CsvLogger& nowhere = make<CsvLogger>({.path = "."});
    EXPECT_THROW(nowhere.on_train_begin({}), IoError);
}

}  // namespace
}  // namespace lockstep
