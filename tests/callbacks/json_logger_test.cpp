#include <fstream>
#include <limits>
#include <sstream>
#include <vector>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <lockstep/callbacks/json_logger.h>
#include <lockstep/core/error.h>

#include "fake_run.h"
#include "job_keys.h"

namespace lockstep {
namespace {

using Json = nlohmann::ordered_json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;

class JsonLoggerTest : public CallbackTest {
protected:
    JsonLoggerTest() { run.used_rate_now = 0.125; }

    /// Every line, by a reader that knows nothing but JSON.
    std::vector<Json> lines_of(const std::string& name) const {
        std::vector<Json> lines;
        std::istringstream stream(text_of(name));
        for (std::string line; std::getline(stream, line);) lines.push_back(Json::parse(line));
        return lines;
    }
    std::vector<std::string> events_of(const std::string& name) const {
        std::vector<std::string> events;
        for (const Json& line : lines_of(name)) events.push_back(line.at("event"));
        return events;
    }
    /// Without what differs from run to run.
    static Json timeless(Json line) {
        EXPECT_THAT(line.at("time").get<std::string>(), MatchesRegex("20..-..-..T..:..:..[.]...[+-]..:.."));
        line.erase("time");
        EXPECT_GE(line.value("duration", 0.0), 0.0);
        line.erase("duration");
        return line;
    }
    void train_batch(JsonLogger& logger, int batch) {
        run.batch_logs_now = make_logs({{"loss", 0.25}});
        logger.on_train_batch_begin(batch, {});
        logger.on_train_batch_end(batch, make_logs({{"loss", 0.5}}));
        ++run.step_now;
    }
};

TEST_F(JsonLoggerTest, OneObjectPerEpoch) {
    run.notes_now = Config::table({{"run_id", "run-7"}});
    run.params_now = {.epochs = 2,
                      .steps = 10,
                      .metrics = {"loss"},
                      .has_validation = true,
                      .batch_size = 32,
                      .samples = 320};
    run.info_now.world_size = 4;
    JsonLogger& logger = make<JsonLogger>({.path = "logs/t.jsonl"});
    logger.on_train_begin({});
    EXPECT_THAT(events_of("logs/t.jsonl"), ElementsAre("train_begin"));
    train_batch(logger, 0);  // not asked for
    run.step_now = 9;
    logger.on_epoch_end(0, make_logs({{"loss", 0.5}, {"val_loss", 1e-9}}));
    logger.on_train_end({});

    const auto lines = lines_of("logs/t.jsonl");
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_EQ(timeless(lines[0]), Json::parse(R"({"event": "train_begin", "run_id": "run-7", "rank": 0,
        "world_size": 4, "params": {"epochs": 2, "initial_epoch": 0, "steps": 10, "batch_size": 32,
        "samples": 320, "metrics": ["loss"], "has_validation": true}})"));
    EXPECT_EQ(timeless(lines[1]), Json::parse(R"({"event": "epoch", "run_id": "run-7", "rank": 0, "epoch": 0,
        "step": 9, "learning_rate": 0.125, "loss": 0.5, "val_loss": 1e-9})"));
    EXPECT_EQ(timeless(lines[2]), Json::parse(R"({"event": "train_end", "run_id": "run-7", "rank": 0,
        "status": "finished", "stop_reason": ""})"));
}

// The structured output of the guide to logging in a loop: epoch, batch, step, loss and learning_rate of
// every tenth step.
TEST_F(JsonLoggerTest, BatchesFromOneOn) {
    JsonLogger& logger =
        make<JsonLogger>({.path = "t.jsonl", .per = JsonLogger::Per::batch, .every = 10, .index_base = 1});
    logger.on_train_begin({});
    run.epoch_now = 1;
    run.step_now = 20;
    for (int batch = 0; batch < 15; ++batch) train_batch(logger, batch);
    logger.on_test_batch_end(0, make_logs({{"loss", 1}}));  // not asked for
    logger.on_epoch_end(1, make_logs({{"loss", 0.5}}));
    const auto lines = lines_of("t.jsonl");
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_EQ(timeless(lines[1]), Json::parse(R"({"event": "train_batch", "rank": 0, "epoch": 2, "batch": 1,
        "step": 21, "learning_rate": 0.125, "loss": 0.5, "batch_loss": 0.25})"));
    EXPECT_EQ(timeless(lines[2]), Json::parse(R"({"event": "train_batch", "rank": 0, "epoch": 2, "batch": 11,
        "step": 31, "learning_rate": 0.125, "loss": 0.5, "batch_loss": 0.25})"));
}

TEST_F(JsonLoggerTest, BothWithTheValidation) {
    JsonLogger& logger =
        make<JsonLogger>({.path = "t.jsonl", .per = JsonLogger::Per::both, .validation = true});
    logger.on_test_batch_end(0, make_logs({{"loss", 1}}));  // an evaluation before fit
    logger.on_train_begin({});
    train_batch(logger, 0);
    run.batch_logs_now = make_logs({{"loss", 2}});
    logger.on_test_batch_end(0, make_logs({{"loss", 1}}));
    logger.on_epoch_end(0, make_logs({{"loss", 0.5}}));
    EXPECT_THAT(events_of("t.jsonl"), ElementsAre("train_begin", "train_batch", "val_batch", "epoch"));
    EXPECT_EQ(timeless(lines_of("t.jsonl")[2]), Json::parse(R"({"event": "val_batch", "rank": 0, "epoch": 0,
        "batch": 0, "step": 1, "loss": 1.0, "batch_loss": 2.0})"));
}

TEST_F(JsonLoggerTest, WhatIsNotFiniteIsNull) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    JsonLogger& logger = make<JsonLogger>({.path = "t.jsonl"});
    logger.on_train_begin({});
    logger.on_epoch_end(0, make_logs({{"a", std::numeric_limits<double>::quiet_NaN()},
                                      {"b", kInfinity},
                                      {"c", -kInfinity},
                                      {"a \"key\"\n", 1},
                                      {"\xff", 2}}));
    const Json line = lines_of("t.jsonl").at(1);
    for (const char* key : {"a", "b", "c"}) EXPECT_TRUE(line.at(key).is_null()) << key;
    EXPECT_EQ(line.at("a \"key\"\n"), 1.0);
}

TEST_F(JsonLoggerTest, SaysHowTheTrainingEnded) {
    JsonLogger& logger = make<JsonLogger>({.path = "stopped.jsonl"});
    logger.on_train_begin({});
    run.stop_training("patience is over", StopCause::wish);
    logger.on_train_end({});
    const Json end = lines_of("stopped.jsonl").back();
    EXPECT_EQ(end.at("status"), "stopped");
    EXPECT_EQ(end.at("stop_reason"), "patience is over");

    JsonLogger& failing = make<JsonLogger>({.path = "failed.jsonl"});
    failing.on_exception(Error("before training"));
    failing.on_train_begin({});
    failing.on_exception(Error("disk on fire"));
    EXPECT_EQ(lines_of("failed.jsonl").back().at("status"), "failed");
    EXPECT_EQ(lines_of("failed.jsonl").back().at("stop_reason"), "disk on fire");
}

TEST_F(JsonLoggerTest, ResumeCutsLinesBeyondTheCheckpoint) {
    const auto loss_of = [](const Json& line) { return line.value("loss", -1.0); };
    JsonLogger& first = make<JsonLogger>({.path = "t.jsonl"});
    EXPECT_TRUE(first.state().is_null());
    first.on_train_begin({});
    first.on_epoch_end(0, make_logs({{"loss", 0.5}}));
    const Config state = first.state();
    EXPECT_EQ(state.get<std::size_t>("bytes"), text_of("t.jsonl").size());
    first.on_epoch_end(1, make_logs({{"loss", 99}}));
    first.state();  // writes the line

    JsonLogger& second = make<JsonLogger>({.path = "t.jsonl"});
    second.restore(state);
    second.on_train_begin({});
    second.on_epoch_end(1, make_logs({{"loss", 0.25}}));
    EXPECT_THAT(events_of("t.jsonl"), ElementsAre("train_begin", "epoch", "train_begin", "epoch"));
    const auto lines = lines_of("t.jsonl");
    EXPECT_EQ(loss_of(lines[1]), 0.5);
    EXPECT_EQ(loss_of(lines[3]), 0.25);
}

TEST_F(JsonLoggerTest, AppendDropsATornLine) {
    const std::string whole = R"({"event":"epoch","text":")" + std::string(10000, 'x') + "\"}\n";
    std::ofstream(path("t.jsonl")) << whole << whole << R"({"event":"epo)" << std::string(10000, 'y');
    JsonLogger& logger = make<JsonLogger>({.path = "t.jsonl", .append = true});
    logger.on_train_begin({});
    EXPECT_THAT(events_of("t.jsonl"), ElementsAre("epoch", "epoch", "train_begin"));
    EXPECT_EQ(text_of("t.jsonl").substr(0, 2 * whole.size()), whole + whole);
}

TEST_F(JsonLoggerTest, WithoutAppendTheFileBeginsAnew) {
    std::ofstream(path("t.jsonl")) << "{}\n";
    JsonLogger& logger = make<JsonLogger>({.path = "t.jsonl"});
    logger.on_train_begin({});
    EXPECT_THAT(events_of("t.jsonl"), ElementsAre("train_begin"));
}

TEST_F(JsonLoggerTest, SaysWhatItRefuses) {
    EXPECT_THAT(error_of<ConfigError>([] { JsonLogger({}); }), HasSubstr("json_logger: path is empty"));
    EXPECT_THROW(JsonLogger({.path = "t", .every = 2}), ConfigError);
    EXPECT_THROW(JsonLogger({.path = "t", .index_base = -1}), ConfigError);
    std::ofstream(path("t.csv")) << "epoch,loss\n";
    JsonLogger& logger = make<JsonLogger>({.path = "t.csv", .append = true});
    EXPECT_THAT(error_of<DataError>([&] { logger.on_train_begin({}); }), HasSubstr("JSON lines"));
    EXPECT_EQ(text_of("t.csv"), "epoch,loss\n");
}

TEST_F(JsonLoggerTest, ReadsItsKeys) {
    const auto logger = JsonLogger::from_config(Config::from_json(
        R"({"filename": "t.jsonl", "per": "both", "every": 2, "append": false, "index_base": 1,
            "validation": true, "flush": "1s"})"));
    logger->attach(&run);
    logger->on_train_begin({});
    for (const int batch : {0, 1}) logger->on_train_batch_end(batch, make_logs({{"loss", 0.5}}));
    logger->on_test_batch_end(0, {});
    logger->on_epoch_end(0, {});
    logger->state();  // writes the lines
    EXPECT_THAT(events_of("t.jsonl"), ElementsAre("train_begin", "train_batch", "val_batch", "epoch"));
    EXPECT_EQ(lines_of("t.jsonl")[1].at("epoch"), 1);

    const auto refusal = refusal_of<JsonLogger>;
    EXPECT_THAT(refusal("{}"), HasSubstr("path"));
    EXPECT_THAT(refusal(R"({"path": "t", "per": "step"})"),
                HasSubstr("per: expected \"epoch\", \"batch\" or"));
    for (const TypeHelp::Key& key : JsonLogger::help().keys) EXPECT_FALSE(key.text.empty()) << key.name;
}

}  // namespace
}  // namespace lockstep
