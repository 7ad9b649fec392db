#include <chrono>
#include <filesystem>
#include <limits>
#include <memory>
#include <thread>

#include <gmock/gmock.h>
#include <unistd.h>

#include <lockstep/callbacks/csv_logger.h>
#include <lockstep/core/error.h>
#include <lockstep/core/stopwatch.h>

#include "fake_run.h"
#include "job_keys.h"

namespace lockstep {
namespace {

using CsvLoggerTest = CallbackTest;
using testing::AllOf;
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

// Values of a validation in every third epoch would otherwise come late.
TEST_F(CsvLoggerTest, HeaderIsThereBeforeTheFirstRow) {
    run.params_now = {.metrics = {"loss", "accuracy"}, .has_validation = true};
    CsvLogger& logger = make<CsvLogger>({.path = "t.csv"});
    logger.on_train_begin({});
    const std::string header = "epoch,loss,accuracy,val_loss,val_accuracy\n";
    EXPECT_EQ(text_of("t.csv"), header);
    logger.on_epoch_end(0, make_logs({{"loss", 0.5}, {"accuracy", 0.25}}));
    EXPECT_EQ(text_of("t.csv"), header + "0,0.5,0.25,NA,NA\n");
}

// Keras drops such a key silently.
TEST_F(CsvLoggerTest, LateKeyGetsAColumn) {
    CsvLogger& logger = make<CsvLogger>({.path = "t.csv"});
    logger.on_train_begin({});
    logger.on_epoch_end(0, make_logs({{"loss", 0.5}}));
    logger.on_epoch_end(1, make_logs({{"loss", 0.25}, {"val_loss", 2}}));
    logger.on_epoch_end(2, make_logs({{"loss", 0.125}}));
    EXPECT_EQ(text_of("t.csv"), "epoch,loss,val_loss\n0,0.5,NA\n1,0.25,2\n2,0.125,NA\n");
}

TEST_F(CsvLoggerTest, LateKeyWaitsIfTheFileCannotBeReplaced) {
    CsvLogger& logger = make<CsvLogger>({.path = "t.csv"});
    logger.on_train_begin({});
    logger.on_epoch_end(0, make_logs({{"loss", 0.5}}));
    const auto obstacle = path(".t.csv.tmp." + std::to_string(getpid()));
    std::filesystem::create_directory(obstacle);
    testing::internal::CaptureStderr();
    for (const int epoch : {1, 2}) logger.on_epoch_end(epoch, make_logs({{"late", 7}, {"loss", 0.25}}));
    EXPECT_EQ(text_of("t.csv"), "epoch,loss\n0,0.5\n1,0.25\n2,0.25\n");
    const std::string output = testing::internal::GetCapturedStderr();
    EXPECT_THAT(output, HasSubstr("new columns have to wait"));
    EXPECT_EQ(output.find("have to wait"), output.rfind("have to wait")) << "one warning";

    std::filesystem::remove(obstacle);
    logger.on_epoch_end(3, make_logs({{"late", 8}, {"loss", 0.25}}));
    EXPECT_EQ(text_of("t.csv"), "epoch,loss,late\n0,0.5,NA\n1,0.25,NA\n2,0.25,NA\n3,0.25,8\n");
}

TEST_F(CsvLoggerTest, QuotesWhatMustBeQuoted) {
    CsvLogger& logger = make<CsvLogger>({.path = "t.csv"});
    logger.on_train_begin({});
    logger.on_epoch_end(0, make_logs({{"a,b", 1}, {"say \"hi\"", 2}, {"two\nlines", 3}}));
    logger.on_epoch_end(1, make_logs({{"a,b", 4}, {"late", 5}}));
    EXPECT_EQ(text_of("t.csv"),
              "epoch,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",late\n0,1,2,3,NA\n1,4,NA,NA,5\n");
}

TEST_F(CsvLoggerTest, NumbersThatAreNotFinite) {
    CsvLogger& logger = make<CsvLogger>({.path = "t.csv"});
    logger.on_train_begin({});
    const double infinity = std::numeric_limits<double>::infinity();
    logger.on_epoch_end(0, make_logs({{"a", std::numeric_limits<double>::quiet_NaN()}, {"b", -infinity}}));
    EXPECT_EQ(text_of("t.csv"), "epoch,a,b\n0,nan,-inf\n");
}

TEST_F(CsvLoggerTest, SecondRunReplacesTheFile) {
    CsvLogger& logger = make<CsvLogger>({.path = "t.csv"});
    for (const char* key : {"loss", "other"}) {
        logger.on_train_begin({});
        logger.on_epoch_end(0, make_logs({{key, 0.5}}));
    }
    EXPECT_EQ(text_of("t.csv"), "epoch,other\n0,0.5\n");
    EXPECT_EQ(logger.state().get<int>("rows"), 1);
}

TEST_F(CsvLoggerTest, RowsInMemorySurviveALateKeyAndTheNextRun) {
    CsvLogger& logger = make<CsvLogger>({.path = "t.csv", .append = true, .per = CsvLogger::Per::batch});
    logger.on_train_begin({});
    logger.on_train_batch_end(0, make_logs({{"a", 1}}));
    logger.on_train_batch_end(1, make_logs({{"b", 2}}));
    logger.on_train_batch_end(2, make_logs({{"b", 3}}));
    logger.on_train_begin({});  // no end: it threw
    EXPECT_EQ(logger.state().get<int>("rows"), 3);
    EXPECT_EQ(text_of("t.csv"),
              "epoch,batch,step,a,batch_a,b,batch_b\n"
              "0,0,0,1,NA,NA,NA\n"
              "0,1,0,NA,NA,2,NA\n"
              "0,2,0,NA,NA,3,NA\n");
}

TEST_F(CsvLoggerTest, TimestampAndLearningRateFollowTheIndex) {
    CsvLogger& logger = make<CsvLogger>({.path = "t.csv", .timestamp = true, .learning_rate = true});
    run.used_rate_now = 0.25;
    run.rate_now = 0.125;  // of the next step
    logger.on_train_begin({});
    logger.on_epoch_end(0, make_logs({{"loss", 0.5}, {"learning_rate", 9}}));
    EXPECT_THAT(text_of("t.csv"), testing::MatchesRegex("epoch,timestamp,learning_rate,loss\n"
                                                        "0,....-..-..T..:..:..[.]...[+-]..:..,0.25,0.5\n"));
}

TEST_F(CsvLoggerTest, RowsReachTheFileByThemselves) {
    CsvLogger& logger = make<CsvLogger>({.path = "t.csv", .per = CsvLogger::Per::batch, .flush = 0.005});
    logger.on_train_begin({});
    logger.on_train_batch_end(0, make_logs({{"loss", 0.5}}));
    const Stopwatch timer;
    while (text_of("t.csv").empty() && timer.seconds() < 60)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    EXPECT_THAT(text_of("t.csv"), HasSubstr("\n0,0,0,0.5,"));
}

TEST_F(CsvLoggerTest, ExceptionKeepsTheRows) {
    CsvLogger& logger = make<CsvLogger>({.path = "t.csv", .per = CsvLogger::Per::batch});
    logger.on_train_begin({});
    logger.on_train_batch_end(0, make_logs({{"loss", 0.5}}));
    logger.on_exception(Error("boom"));
    EXPECT_THAT(text_of("t.csv"), HasSubstr("\n0,0,0,0.5,"));
}

TEST_F(CsvLoggerTest, SaysWhatItRefuses) {
    const auto refusal = [](const CsvLogger::Options& options) {
        return error_of<ConfigError>([&] { CsvLogger{options}; });
    };
    EXPECT_THAT(refusal({}), HasSubstr("csv_logger: path is empty"));
    EXPECT_THAT(refusal({.path = "t.csv", .separator = ""}), HasSubstr("separator"));
    EXPECT_THAT(refusal({.path = "t.csv", .index_base = 2}), HasSubstr("expected 0 or 1, got 2"));
    EXPECT_THAT(refusal({.path = "t.csv", .per = CsvLogger::Per::batch, .every = 0}), HasSubstr("got 0"));
    EXPECT_THAT(refusal({.path = "t.csv", .every = 2}), HasSubstr("every is about rows of batches"));
    EXPECT_THAT(refusal({.path = "t.csv", .validation = true}), HasSubstr("validation is about"));
    EXPECT_THAT(refusal({.path = "t.csv", .flush = 0}), HasSubstr("flush"));
    EXPECT_THAT(refusal({.path = "t.csv", .columns = {{.key = "batch"}}}), HasSubstr("per = \"batch\""));
    EXPECT_THAT(refusal({.path = "t.csv", .columns = {{.key = ""}}}), HasSubstr("key is empty"));
    EXPECT_THAT(refusal({.path = "t.csv", .columns = {{.key = "loss", .format = ".4q"}}}),
                AllOf(HasSubstr("\".4q\""), HasSubstr("loss"), HasSubstr("\".4f\"")));
    EXPECT_THROW(CsvLogger({.path = "t.csv", .columns = {{.key = "epoch", .format = ".4f"}}}), ConfigError);
    EXPECT_THAT(refusal({.path = "t.csv", .learning_rate = true, .columns = {{.key = "loss"}}}),
                HasSubstr("leave out learning_rate = true"));
    CsvLogger& nowhere = make<CsvLogger>({.path = "."});
    EXPECT_THROW(nowhere.on_train_begin({}), IoError);
}

TEST_F(CsvLoggerTest, ReadsItsKeys) {
    const auto logger = CsvLogger::from_config(Config::from_json(
        R"({"filename": "t.csv", "separator": "|", "append": false, "index_base": 1, "per": "batch", "every": 2,
            "validation": true, "flush": "500ms",
            "columns": ["batch", {"key": "loss", "header": "Loss", "format": ".2f"}, "phase"]})"));
    logger->attach(&run);
    logger->on_train_begin({});
    for (const int batch : {0, 1, 2}) logger->on_train_batch_end(batch, make_logs({{"loss", 0.5}}));
    logger->on_test_batch_end(0, make_logs({{"loss", 0.25}}));
    logger->on_epoch_end(0, {});
    logger->state();  // writes the rows
    EXPECT_EQ(text_of("t.csv"), "batch|Loss|phase\n1|0.50|train\n3|0.50|train\n1|0.25|validation\n");

    const auto refusal = refusal_of<CsvLogger>;
    EXPECT_THAT(refusal("{}"), HasSubstr("path"));
    EXPECT_THAT(refusal(R"({"path": "t", "per": "step"})"), HasSubstr("per: expected \"epoch\""));
    EXPECT_THAT(refusal(R"({"path": "t", "columns": "loss"})"), HasSubstr("expected a list"));
    EXPECT_THAT(refusal(R"({"path": "t", "columns": [{"key": "loss", "fromat": ".4f"}]})"),
                HasSubstr("format"));
    EXPECT_THAT(refusal(R"({"path": "t", "index_base": 3})"), HasSubstr("got 3"));
    for (const TypeHelp::Key& key : CsvLogger::help().keys) EXPECT_FALSE(key.text.empty()) << key.name;
}

}  // namespace
}  // namespace lockstep
