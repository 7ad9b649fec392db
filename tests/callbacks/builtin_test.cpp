#include <gmock/gmock.h>

#include <lockstep/callbacks/builtin.h>
#include <lockstep/callbacks/csv_logger.h>
#include <lockstep/callbacks/model_checkpoint.h>
#include <lockstep/callbacks/progress_bar.h>
#include <lockstep/callbacks/run_logger.h>
#include <lockstep/core/error.h>
#include <lockstep/train/registry.h>

#include "fake_run.h"

namespace lockstep {
namespace {

using testing::HasSubstr;
using testing::IsSupersetOf;

class BuiltinCallbacks : public CallbackTest {
protected:
    BuiltinCallbacks() { register_builtin_callbacks(); }

    std::unique_ptr<Callback> from_json(const std::string& json) {
        std::unique_ptr<Callback> callback = callback_registry().make(Config::from_json(json, "job"));
        callback->attach(&run);
        return callback;
    }
};

TEST_F(BuiltinCallbacks, AreKnownByName) {
    register_builtin_callbacks();  // twice is once
    EXPECT_THAT(callback_registry().types(),
                IsSupersetOf({"csv_logger", "model_checkpoint", "progress_bar", "run_logger"}));
    for (const std::string& type : callback_registry().types())
        for (const TypeHelp::Key& key : callback_registry().help(type).keys)
            EXPECT_FALSE(key.text.empty()) << type << key.name;
}

TEST_F(BuiltinCallbacks, ReadTheirKeys) {
    const auto csv = from_json(
        R"({"type": "csv_logger", "filename": "t.csv", "separator": "|", "index_base": 1, "append": false})");
    csv->on_train_begin({});
    csv->on_epoch_end(0, make_logs({{"loss", 0.5}}));
    csv->state();  // writes the row
    EXPECT_EQ(text_of("t.csv"), "epoch|loss\n1|0.5\n");

    const auto checkpoint =
        from_json(R"({"type": "model_checkpoint", "path": "{step}.h5", "save_freq": 2, "max_to_keep": 3})");
    run.step_now = 1;
    checkpoint->on_train_batch_end(1, {});
    ASSERT_EQ(run.requests.size(), 1U);
    EXPECT_EQ(run.requests[0].path.filename(), "2.h5");

    EXPECT_TRUE(from_json(R"({"type": "gradient_norm_logger", "every": 10})")->needs().gradient_norms);
    for (const char* json : {R"({"type": "learning_rate_scheduler", "schedule": [[0, 0.1]]})",
                             R"({"type": "learning_rate_warmup", "initial_learning_rate": 0.1})",
                             R"({"type": "reduce_lr_on_plateau"})"})
        EXPECT_TRUE(from_json(json)->needs().sets_learning_rate) << json;
    from_json(R"({"type": "run_logger", "flush": "500ms"})");
    from_json(R"({"type": "progress_bar", "verbose": "auto", "progress_every": "2min"})");
    from_json(R"("model_checkpoint")");
}

TEST_F(BuiltinCallbacks, SayWhichKeyIsWrong) {
    const auto refusal = [this](const std::string& json) {
        return error_of<ConfigError>([&] { from_json(json); });
    };
    EXPECT_THAT(refusal(R"({"type": "csv_logger"})"), HasSubstr("path"));
    EXPECT_THAT(refusal(R"({"type": "csv_logger", "path": "a", "seperator": ","})"), HasSubstr("separator"));
    EXPECT_THAT(refusal(R"({"type": "model_checkpoint", "save_freq": "batch"})"), HasSubstr("save_freq"));
    EXPECT_THAT(refusal(R"({"type": "run_logger", "flush": "2 fortnights"})"), HasSubstr("flush"));
    EXPECT_THAT(refusal(R"({"type": "progress_bar", "verbose": 7})"), HasSubstr("got 7"));
}

}  // namespace
}  // namespace lockstep
