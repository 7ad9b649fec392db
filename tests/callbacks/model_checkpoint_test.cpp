#include <chrono>
#include <cmath>
#include <fstream>

#include <gmock/gmock.h>

#include <lockstep/callbacks/model_checkpoint.h>
#include <lockstep/core/error.h>

#include "fake_run.h"

namespace lockstep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ModelCheckpointTest : public CallbackTest {
protected:
    /// One epoch of two batches; then the trainer writes what was asked for.
    void epoch(ModelCheckpoint& callback, const Logs& logs) {
        for (std::int64_t batch = 0; batch < 2; ++batch) {
            run.step_now = 2 * run.epoch_now + batch;
            callback.on_train_batch_begin(batch, {});
            callback.on_train_batch_end(batch, logs);
            write_files();
        }
        callback.on_epoch_end(run.epoch_now, logs);
        ++run.epoch_now;
        write_files();
    }
    void write_files() const {
        for (const CheckpointRequest& request : run.requests) std::ofstream(request.path) << "weights";
    }
    std::vector<std::string> asked() const {
        std::vector<std::string> names;
        for (const CheckpointRequest& request : run.requests)
            names.push_back(request.path.lexically_relative(run.directory()));
        return names;
    }
};

TEST_F(ModelCheckpointTest, EveryEpochCountingFromOne) {
    ModelCheckpoint& callback = make<ModelCheckpoint>({});
    callback.on_train_begin({});
    epoch(callback, make_logs({{"loss", 1}}));
    epoch(callback, make_logs({{"loss", 1}}));
    EXPECT_THAT(asked(), ElementsAre("checkpoints/epoch-0001.h5", "checkpoints/epoch-0002.h5"));
    EXPECT_FALSE(run.requests.front().weights_only);
}

TEST_F(ModelCheckpointTest, NamesWithMetricsAndSteps) {
    ModelCheckpoint& callback =
        make<ModelCheckpoint>({.path = "{step}-{val_loss:.4f}.h5", .save_weights_only = true});
    EXPECT_THAT(callback.monitored(), ElementsAre("val_loss"));
    callback.on_train_begin({});
    epoch(callback, make_logs({{"loss", 1}, {"val_loss", 0.12345}}));
    EXPECT_THAT(asked(), ElementsAre("2-0.1235.h5"));
    EXPECT_TRUE(run.requests.front().weights_only);
}

TEST_F(ModelCheckpointTest, EverySoManyBatchesOfTheWholeTraining) {
    ModelCheckpoint& callback = make<ModelCheckpoint>({.path = "{step:03d}.h5", .save_freq = Batches{3}});
    callback.on_train_begin({});
    for (int i = 0; i < 3; ++i) epoch(callback, make_logs({{"loss", 1}}));
    EXPECT_THAT(asked(), ElementsAre("003.h5", "006.h5"));
}

TEST_F(ModelCheckpointTest, KeepsTheNewestFiles) {
    ModelCheckpoint& callback = make<ModelCheckpoint>({.path = "{epoch}.h5", .max_to_keep = 2});
    callback.on_train_begin({});
    for (int i = 0; i < 4; ++i) {
        run.requests.clear();
        epoch(callback, {});
    }
    callback.on_train_end({});
    EXPECT_FALSE(std::filesystem::exists(path("1.h5")));
    EXPECT_FALSE(std::filesystem::exists(path("2.h5")));
    EXPECT_TRUE(std::filesystem::exists(path("3.h5")));
    EXPECT_TRUE(std::filesystem::exists(path("4.h5")));
}

TEST_F(ModelCheckpointTest, RemovesNothingBeforeTheNewFileIsThere) {
    ModelCheckpoint& callback = make<ModelCheckpoint>({.path = "{epoch}.h5", .max_to_keep = 1});
    callback.on_train_begin({});
    epoch(callback, {});
    callback.on_epoch_end(run.epoch_now, {});  // asked for and never written
    callback.on_train_end({});
    EXPECT_TRUE(std::filesystem::exists(path("1.h5")));
}

TEST_F(ModelCheckpointTest, ResumedRunGoesOnKeeping) {
    ModelCheckpoint& first = make<ModelCheckpoint>({.path = "{epoch}.h5", .max_to_keep = 1});
    first.on_train_begin({});
    epoch(first, {});
    const Config state = first.state();
    ModelCheckpoint& second = make<ModelCheckpoint>({.path = "{epoch}.h5", .max_to_keep = 1});
    second.restore(state);
    second.on_train_begin({});
    run.requests.clear();
    epoch(second, {});
    second.on_train_end({});
    EXPECT_FALSE(std::filesystem::exists(path("1.h5")));
    EXPECT_TRUE(std::filesystem::exists(path("2.h5")));
}

TEST_F(ModelCheckpointTest, OneNameIsOneFile) {
    ModelCheckpoint& callback = make<ModelCheckpoint>({.path = "last.h5", .max_to_keep = 1});
    callback.on_train_begin({});
    epoch(callback, {});
    epoch(callback, {});
    callback.on_train_end({});
    EXPECT_TRUE(std::filesystem::exists(path("last.h5")));
}

TEST_F(ModelCheckpointTest, TimeBeforeAResumeCounts) {
    const SaveFreq hour = std::chrono::hours{1};
    ModelCheckpoint& callback = make<ModelCheckpoint>({.path = "{epoch}.h5", .save_freq = hour});
    Config state = callback.state();
    state.set("seconds_since_save", 3600.0);
    callback.restore(state);
    callback.on_train_begin({});
    callback.on_epoch_end(0, {});
    callback.on_epoch_end(1, {});  // the hour begins anew
    EXPECT_THAT(asked(), ElementsAre("1.h5"));
}

TEST_F(ModelCheckpointTest, OnlyTheBestAreSaved) {
    ModelCheckpoint& callback =
        make<ModelCheckpoint>({.path = "{epoch}.h5", .save_best_only = true, .max_to_keep = 2});
    EXPECT_THAT(callback.monitored(), ElementsAre("val_loss"));
    callback.on_train_begin({});
    const double nan = std::nan("");
    for (const double loss : {nan, 0.5, 0.6, 0.4, nan, 0.4, 0.3})
        epoch(callback, make_logs({{"val_loss", loss}}));
    callback.on_train_end({});
    EXPECT_THAT(asked(), ElementsAre("2.h5", "4.h5", "7.h5"));
    EXPECT_EQ(callback.best(), 0.3);
    EXPECT_FALSE(std::filesystem::exists(path("2.h5")));
    EXPECT_TRUE(std::filesystem::exists(path("4.h5")));
    EXPECT_TRUE(std::filesystem::exists(path("7.h5")));
}

TEST_F(ModelCheckpointTest, ModeSaysWhatIsBetter) {
    ModelCheckpoint& most = make<ModelCheckpoint>(
        {.path = "{epoch}.h5", .monitor = "score", .save_best_only = true, .mode = "max"});
    most.on_train_begin({});
    for (const double score : {0.5, 0.4, 0.6}) epoch(most, make_logs({{"score", score}}));
    EXPECT_THAT(asked(), ElementsAre("1.h5", "3.h5"));
    EXPECT_THROW(ModelCheckpoint({.save_best_only = true, .mode = "best"}), ConfigError);
}

// Keras saves then, over the best file.
TEST_F(ModelCheckpointTest, AnEpochWithoutTheKeySavesNothing) {
    ModelCheckpoint& best = make<ModelCheckpoint>({.path = "best.h5", .save_best_only = true});
    ModelCheckpoint& named = make<ModelCheckpoint>({.path = "{val_loss:.1f}.h5"});
    for (ModelCheckpoint* callback : {&best, &named}) {
        callback->on_train_begin({});
        callback->on_epoch_end(0, make_logs({{"loss", 1}}));
    }
    EXPECT_THAT(asked(), ElementsAre());
    EXPECT_FALSE(best.best().has_value());
    named.on_epoch_end(1, make_logs({{"loss", 1}, {"val_loss", 2}}));
    EXPECT_THAT(asked(), ElementsAre("2.0.h5"));
}

// With Keras this is a TypeError at the second batch.
TEST_F(ModelCheckpointTest, TheBestOfBatches) {
    ModelCheckpoint& callback = make<ModelCheckpoint>(
        {.path = "{step}.h5", .monitor = "loss", .save_best_only = true, .save_freq = Batches{1}});
    callback.on_train_begin({});
    for (const double loss : {3.0, 2.0, 2.5}) {
        callback.on_train_batch_end(run.step_now, make_logs({{"loss", loss}}));
        ++run.step_now;
    }
    EXPECT_THAT(asked(), ElementsAre("1.h5", "2.h5"));
    EXPECT_THAT(
        error_of<ConfigError>([] { ModelCheckpoint({.save_best_only = true, .save_freq = Batches{1}}); }),
        HasSubstr("\"val_loss\" is known at ends of epochs only"));
}

TEST_F(ModelCheckpointTest, ThresholdIsTheFirstBest) {
    ModelCheckpoint& callback =
        make<ModelCheckpoint>({.path = "{epoch}.h5", .save_best_only = true, .initial_value_threshold = 0.5});
    callback.on_train_begin({});
    for (const double loss : {0.6, 0.5, 0.4}) epoch(callback, make_logs({{"val_loss", loss}}));
    EXPECT_THAT(asked(), ElementsAre("3.h5"));
    EXPECT_THROW(ModelCheckpoint({.initial_value_threshold = 0.5}), ConfigError);
}

// A second call of fit goes on with the weights of the first.
TEST_F(ModelCheckpointTest, TheBestOutlivesFitAndResume) {
    const ModelCheckpoint::Options options{.path = "{epoch}.h5", .save_best_only = true};
    ModelCheckpoint& first = make<ModelCheckpoint>(options);
    first.on_train_begin({});
    epoch(first, make_logs({{"val_loss", 0.5}}));
    first.on_train_end({});
    const Config state = Config::from_json(first.state().to_json());

    ModelCheckpoint& resumed = make<ModelCheckpoint>(options);
    resumed.restore(state);
    run.requests.clear();
    for (ModelCheckpoint* callback : {&first, &resumed}) {
        callback->on_train_begin({});
        callback->on_epoch_end(1, make_logs({{"val_loss", 0.6}}));
    }
    EXPECT_THAT(asked(), ElementsAre());
    resumed.on_epoch_end(2, make_logs({{"val_loss", 0.4}}));
    EXPECT_THAT(asked(), ElementsAre("3.h5"));
}

TEST_F(ModelCheckpointTest, LossesThatAreNotFinitePushNothingOut) {
    ModelCheckpoint& callback = make<ModelCheckpoint>({.path = "{epoch}.h5", .max_to_keep = 1});
    callback.on_train_begin({});
    epoch(callback, make_logs({{"loss", 1}}));
    testing::internal::CaptureStderr();
    for (int i = 0; i < 3; ++i) epoch(callback, make_logs({{"loss", std::nan("")}}));
    callback.on_train_end({});
    const std::string warnings = testing::internal::GetCapturedStderr();
    EXPECT_EQ(warnings.find("weights are not saved"), warnings.rfind("weights are not saved"));
    EXPECT_THAT(warnings, HasSubstr("weights are not saved"));
    EXPECT_THAT(asked(), ElementsAre("1.h5"));
    EXPECT_TRUE(std::filesystem::exists(path("1.h5")));
}

TEST_F(ModelCheckpointTest, JobFilesHaveKerasNamesAndShorterOnes) {
    const auto made = [&](const std::string& json) {
        const Config keys = Config::from_json(json);
        std::unique_ptr<Callback> callback = ModelCheckpoint::from_config(keys);
        keys.reject_unknown_keys();
        callback->attach(&run);
        return callback;
    };
    for (const char* json :
         {R"({"filepath": "{epoch}.h5", "save_weights_only": true, "save_freq": "2 epochs"})",
          R"({"path": "{epoch}.h5", "weights_only": true, "save_freq": "2 epochs"})"}) {
        run.requests.clear();
        const auto callback = made(json);
        callback->on_epoch_end(0, {});
        callback->on_epoch_end(1, {});
        EXPECT_THAT(asked(), ElementsAre("2.h5")) << json;
        EXPECT_TRUE(run.requests.front().weights_only);
    }
    EXPECT_THAT(made(R"({"save_best_only": true, "monitor": "val_accuracy"})")->monitored(),
                ElementsAre("val_accuracy"));
    made(R"({"save_freq": "10m", "save_on_background": false, "keep": 3})");
    const auto refused = [&](const char* json) { return error_of<ConfigError>([&] { made(json); }); };
    EXPECT_THAT(refused(R"({"path": "a.h5", "filepath": "b.h5"})"), HasSubstr("path is the same key"));
    EXPECT_THAT(refused(R"({"save_on_background": true})"), HasSubstr("training waits"));
    EXPECT_THAT(refused(R"({"max_to_keep": -1})"), HasSubstr("max_to_keep"));
}

TEST_F(ModelCheckpointTest, SaysWhatItRefuses) {
    EXPECT_THROW(ModelCheckpoint({.path = "weights.keras"}), ConfigError);
    EXPECT_THROW(ModelCheckpoint({.verbose = 2}), ConfigError);
    EXPECT_THROW(ModelCheckpoint({.save_freq = Batches{0}}), ConfigError);
    EXPECT_THROW(ModelCheckpoint({.save_freq = std::chrono::seconds{-1}}), ConfigError);
}

}  // namespace
}  // namespace lockstep
