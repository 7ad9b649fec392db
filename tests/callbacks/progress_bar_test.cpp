#include <algorithm>
#include <chrono>
#include <sstream>
#include <thread>

#include <gmock/gmock.h>

#include <lockstep/callbacks/progress_bar.h>
#include <lockstep/core/error.h>

#include "fake_run.h"

namespace lockstep {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

class ProgressBarTest : public CallbackTest {
protected:
    ProgressBarTest() {
        run.params_now.epochs = 3;
        run.params_now.steps = 2;
        run.samples_now = 64;
    }

    void epoch(ProgressBar& bar) {
        bar.on_epoch_begin(run.epoch_now, {});
        for (std::int64_t batch = 0; batch < 2; ++batch) {
            std::this_thread::sleep_for(pause);
            bar.on_train_batch_end(batch, make_logs({{"loss", 0.5}}));
        }
        validate(bar);
        bar.on_epoch_end(run.epoch_now, make_logs({{"loss", 0.25}, {"val_loss", 0.0001}}));
        ++run.epoch_now;
    }
    void validate(ProgressBar& bar) {
        bar.on_test_begin({});
        bar.on_test_batch_end(0, make_logs({{"loss", 77.0}}));
        bar.on_test_end(make_logs({{"loss", 77.0}}));
    }
    std::string shown(ProgressBar::Options options) {
        options.output = &output;
        ProgressBar& bar = make<ProgressBar>(options);
        bar.on_train_begin({});
        epoch(bar);
        epoch(bar);
        bar.on_train_end({});
        return output.str();
    }

    std::ostringstream output;
    std::chrono::milliseconds pause{0};
};

TEST_F(ProgressBarTest, OneLinePerEpochWithoutATerminal) {
    EXPECT_THAT(
        shown({.terminal = false}),
        MatchesRegex("Epoch 1/3 - 2/2 - 0s - [0-9]+[mu]?s/step - loss: 0.2500 - val_loss: 1.0000e-04\n"
                     "Epoch 2/3 - 2/2 - 0s - [0-9]+[mu]?s/step - loss: 0.2500 - val_loss: 1.0000e-04\n"));
}

TEST_F(ProgressBarTest, LongEpochsGiveASignOfLife) {
    pause = std::chrono::milliseconds(20);
    const std::string text = shown({.progress_every = 0.001, .terminal = false});
    EXPECT_THAT(text, HasSubstr("Epoch 1/3 - 1/2 - 0s - ETA 0s - "));
    EXPECT_THAT(text, MatchesRegex("(.|\n)* [0-9]+ samples/s - loss: 0.5000\n(.|\n)*"));
    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
    EXPECT_THAT(text, Not(HasSubstr("\r")));
}

TEST_F(ProgressBarTest, BarOnATerminal) {
    pause = std::chrono::milliseconds(60);
    const std::string text = shown({.terminal = true});
    EXPECT_THAT(text, testing::StartsWith("Epoch 1/3\n\r"));
    EXPECT_THAT(text, HasSubstr("1/2"));
    EXPECT_THAT(text, HasSubstr("loss: 0.2500 - val_loss: 1.0000e-04\x1b[K\nEpoch 2/3\n"));
    EXPECT_THAT(text, Not(HasSubstr("77")));  // the validation shows in the epoch's line only
}

TEST_F(ProgressBarTest, FastBatchesAreNotAllDrawn) {
    const std::string text = shown({.terminal = true});
    EXPECT_EQ(std::ranges::count(text, '\r'), 2);  // the end of each epoch
}

TEST_F(ProgressBarTest, VerboseChoosesTheStyle) {
    EXPECT_EQ(shown({.verbose = 0, .terminal = true}), "");
    EXPECT_THAT(shown({.verbose = 2, .terminal = true}), Not(HasSubstr("\r")));
    run.params_now.verbose = 0;
    output.str("");
    EXPECT_EQ(shown({.terminal = true}), "");
    EXPECT_THROW(ProgressBar({.verbose = 3}), ConfigError);
}

TEST_F(ProgressBarTest, EvaluationAndPredictionOfTheirOwn) {
    ProgressBar& bar = make<ProgressBar>({.output = &output, .terminal = false});
    run.params_now.steps = 1;
    validate(bar);
    bar.on_predict_begin({});
    bar.on_predict_batch_end(0, {});
    bar.on_predict_end({});
    EXPECT_THAT(output.str(), MatchesRegex("Evaluation - 1/1 - 0s - [0-9]+[mu]?s/step - loss: 77.0000\n"
                                           "Prediction - 1/1 - 0s - [0-9]+[mu]?s/step\n"));
}

TEST_F(ProgressBarTest, AStopInTheMiddleOfAnEpochEndsTheLine) {
    ProgressBar& bar = make<ProgressBar>({.output = &output, .terminal = true});
    bar.on_train_begin({});
    bar.on_epoch_begin(0, {});
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
    bar.on_train_batch_end(0, make_logs({{"loss", 0.5}}));
    bar.on_train_end({});
    EXPECT_THAT(output.str(), testing::EndsWith("\x1b[K\n"));
}

TEST_F(ProgressBarTest, AnExceptionEndsTheLine) {
    ProgressBar& bar = make<ProgressBar>({.output = &output, .terminal = true});
    bar.on_train_begin({});
    bar.on_epoch_begin(0, {});
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
    bar.on_train_batch_end(0, {});
    bar.on_exception(std::runtime_error("x"));
    EXPECT_TRUE(output.str().ends_with("\x1b[K\n"));
}

}  // namespace
}  // namespace lockstep
