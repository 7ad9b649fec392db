#include <gmock/gmock.h>

#include <lockstep/callbacks/lambda_callback.h>

#include "fake_run.h"

namespace lockstep {
namespace {

using LambdaCallbackTest = CallbackTest;
using testing::ElementsAre;

TEST_F(LambdaCallbackTest, EveryHookReachesItsFunction) {
    std::vector<std::string> calls;
    const auto note = [&](const char* hook) {
        return [&calls, hook](const Logs&, TrainingRun&) { calls.emplace_back(hook); };
    };
    const auto note_number = [&](const char* hook) {
        return [&calls, hook](auto number, const Logs&, TrainingRun&) {
            calls.push_back(hook + std::to_string(number));
        };
    };
    LambdaCallback& callback =
        make<LambdaCallback>({.on_train_begin = note("train begin"),
                              .on_train_end = note("train end"),
                              .on_test_begin = note("test begin"),
                              .on_test_end = note("test end"),
                              .on_predict_begin = note("predict begin"),
                              .on_predict_end = note("predict end"),
                              .on_epoch_begin = note_number("epoch begin "),
                              .on_epoch_end = note_number("epoch end "),
                              .on_train_batch_begin = note_number("train batch begin "),
                              .on_train_batch_end = note_number("train batch end "),
                              .on_test_batch_begin = note_number("test batch begin "),
                              .on_test_batch_end = note_number("test batch end "),
                              .on_predict_batch_begin = note_number("predict batch begin "),
                              .on_predict_batch_end = note_number("predict batch end ")});
    callback.on_train_begin({});
    callback.on_epoch_begin(1, {});
    callback.on_train_batch_begin(2, {});
    callback.on_train_batch_end(3, {});
    callback.on_test_begin({});
    callback.on_test_batch_begin(4, {});
    callback.on_test_batch_end(5, {});
    callback.on_test_end({});
    callback.on_epoch_end(6, {});
    callback.on_train_end({});
    callback.on_predict_begin({});
    callback.on_predict_batch_begin(7, {});
    callback.on_predict_batch_end(8, {});
    callback.on_predict_end({});
    EXPECT_THAT(calls, ElementsAre("train begin", "epoch begin 1", "train batch begin 2", "train batch end 3",
                                   "test begin", "test batch begin 4", "test batch end 5", "test end",
                                   "epoch end 6", "train end", "predict begin", "predict batch begin 7",
                                   "predict batch end 8", "predict end"));
}

TEST_F(LambdaCallbackTest, FunctionsReachTheRun) {
    LambdaCallback& callback =
        make<LambdaCallback>({.on_epoch_end = [](int, const Logs& logs, TrainingRun& at_hand) {
            if (logs.at("loss") < 0.1) at_hand.stop_training("good enough");
        }});
    callback.on_epoch_end(0, make_logs({{"loss", 0.2}}));
    EXPECT_FALSE(run.stops());
    callback.on_epoch_end(1, make_logs({{"loss", 0.05}}));
    EXPECT_EQ(run.stop_reason(), "good enough");
}

TEST_F(LambdaCallbackTest, EmptyFunctionsDoNothing) {
    LambdaCallback& callback = make<LambdaCallback>({.needs = {.gradient_norms = true}});
    callback.on_train_begin({});
    callback.on_epoch_end(0, {});
    callback.on_exception(std::runtime_error("x"));
    EXPECT_TRUE(callback.needs().gradient_norms);
}

}  // namespace
}  // namespace lockstep
