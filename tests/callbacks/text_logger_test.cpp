// A text log of one's own, as callbacks/README.md has it.
#include <fstream>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <lockstep/callbacks/text_logger.h>
#include <lockstep/core/error.h>

#include "fake_run.h"

namespace lockstep {
namespace {

using testing::HasSubstr;

class Logfmt final : public RowFormat {
public:
    void write(io::AppendFile& file, const LogRow& row) override {
        std::string line =
            fmt::format("epoch={} step={} learning_rate={}", row.epoch, row.step, row.learning_rate);
        for (const auto& [key, value] : row.logs.entries()) line += fmt::format(" {}={}", key, value);
        file.append(line + '\n');
    }
};

class LogfmtLogger final : public TextLogger {
public:
    struct Options {
        std::filesystem::path path = {};
        bool append = false;
    };
    explicit LogfmtLogger(const Options& options)
        : TextLogger({.name = "logfmt_logger", .path = options.path, .append = options.append},
                     std::make_unique<Logfmt>()) {}
};

class TextLoggerTest : public CallbackTest {
protected:
    TextLoggerTest() {
        run.step_now = 99;
        run.used_rate_now = 0.5;
    }
};

TEST_F(TextLoggerTest, WritesARowPerEpoch) {
    LogfmtLogger& logger = make<LogfmtLogger>({.path = "logs/t.log"});
    logger.on_train_begin({});
    logger.on_train_batch_end(0, make_logs({{"loss", 9}}));
    logger.on_epoch_end(0, make_logs({{"loss", 0.25}, {"val_loss", 0.75}}));
    logger.on_train_end({});
    EXPECT_EQ(text_of("logs/t.log"), "epoch=0 step=99 learning_rate=0.5 loss=0.25 val_loss=0.75\n");
}

TEST_F(TextLoggerTest, ResumeCutsRowsBeyondTheCheckpoint) {
    LogfmtLogger& first = make<LogfmtLogger>({.path = "t.log"});
    first.on_train_begin({});
    first.on_epoch_end(0, {});
    const Config state = first.state();
    first.on_epoch_end(1, {});
    first.on_train_end({});

    LogfmtLogger& second = make<LogfmtLogger>({.path = "t.log"});
    second.restore(state);
    second.on_train_begin({});
    second.on_epoch_end(7, {});
    second.on_train_end({});
    EXPECT_EQ(text_of("t.log"), "epoch=0 step=99 learning_rate=0.5\nepoch=7 step=99 learning_rate=0.5\n");
}

TEST_F(TextLoggerTest, AppendKeepsWholeLinesOfAnyText) {
    std::ofstream(path("t.log")) << "of another training\nand a torn li";
    LogfmtLogger& logger = make<LogfmtLogger>({.path = "t.log", .append = true});
    logger.on_train_begin({});
    logger.on_train_end({});
    EXPECT_EQ(text_of("t.log"), "of another training\n");
}

TEST_F(TextLoggerTest, SaysWhoseOptionIsWrong) {
    EXPECT_THAT(error_of<ConfigError>([] { LogfmtLogger({}); }), HasSubstr("logfmt_logger: path is empty"));
}

}  // namespace
}  // namespace lockstep
