#include <fstream>

#include <gmock/gmock.h>

#include <lockstep/callbacks/model_checkpoint.h>
#include <lockstep/core/error.h>

#include "fake_run.h"
#include "support/path_template.h"

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
        make<ModelCheckpoint>({.path = "{step}-{val_loss:.4f}.h5", .weights_only = true});
    EXPECT_THAT(callback.monitored(), ElementsAre("val_loss"));
    callback.on_train_begin({});
    epoch(callback, make_logs({{"loss", 1}, {"val_loss", 0.12345}}));
    EXPECT_THAT(asked(), ElementsAre("2-0.1235.h5"));
    EXPECT_TRUE(run.requests.front().weights_only);
}

TEST_F(ModelCheckpointTest, EverySoManyBatchesOfTheWholeTraining) {
    ModelCheckpoint& callback = make<ModelCheckpoint>({.path = "{step:03d}.h5", .save_freq = 3});
    EXPECT_TRUE(callback.monitored().empty());
    callback.on_train_begin({});
    for (int i = 0; i < 3; ++i) epoch(callback, make_logs({{"loss", 1}}));
    EXPECT_THAT(asked(), ElementsAre("003.h5", "006.h5"));
}

TEST_F(ModelCheckpointTest, KeepsTheNewestFiles) {
    ModelCheckpoint& callback = make<ModelCheckpoint>({.path = "{epoch}.h5", .keep = 2});
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
    ModelCheckpoint& callback = make<ModelCheckpoint>({.path = "{epoch}.h5", .keep = 1});
    callback.on_train_begin({});
    epoch(callback, {});
    callback.on_epoch_end(run.epoch_now, {});  // asked for and never written
    callback.on_train_end({});
    EXPECT_TRUE(std::filesystem::exists(path("1.h5")));
}

TEST_F(ModelCheckpointTest, ResumedRunGoesOnKeeping) {
    ModelCheckpoint& first = make<ModelCheckpoint>({.path = "{epoch}.h5", .keep = 1});
    first.on_train_begin({});
    epoch(first, {});
    const Config state = first.state();
    ModelCheckpoint& second = make<ModelCheckpoint>({.path = "{epoch}.h5", .keep = 1});
    second.restore(state);
    second.on_train_begin({});
    run.requests.clear();
    epoch(second, {});
    second.on_train_end({});
    EXPECT_FALSE(std::filesystem::exists(path("1.h5")));
    EXPECT_TRUE(std::filesystem::exists(path("2.h5")));
}

TEST_F(ModelCheckpointTest, OneNameIsOneFile) {
    ModelCheckpoint& callback = make<ModelCheckpoint>({.path = "last.h5", .keep = 1});
    callback.on_train_begin({});
    epoch(callback, {});
    epoch(callback, {});
    callback.on_train_end({});
    EXPECT_TRUE(std::filesystem::exists(path("last.h5")));
}

TEST_F(ModelCheckpointTest, MissingKeyListsThoseThereAre) {
    ModelCheckpoint& callback = make<ModelCheckpoint>({.path = "{val_acc:.2f}.h5"});
    callback.on_train_begin({});
    const std::string message = message_of<ConfigError>([&] {
        callback.on_epoch_end(0, make_logs({{"loss", 1}, {"accuracy", 1}}));
    });
    EXPECT_THAT(message, HasSubstr("no key \"val_acc\"; known: epoch, step, batch, loss, accuracy"));
    EXPECT_TRUE(run.requests.empty());
}

TEST(PathTemplate, RefusesSlipsBeforeTraining) {
    EXPECT_THROW(PathTemplate("epoch-{epoch.h5"), ConfigError);
    EXPECT_THROW(PathTemplate("epoch-epoch}.h5"), ConfigError);
    EXPECT_THROW(PathTemplate("{}.h5"), ConfigError);
    EXPECT_THAT(message_of<ConfigError>([] { PathTemplate("{epoch:.2f}.h5"); }),
                HasSubstr("the format of epoch"));
    EXPECT_THROW(ModelCheckpoint({.path = "weights.keras"}), ConfigError);
    EXPECT_THROW(ModelCheckpoint({.save_freq = 0}), ConfigError);
}

}  // namespace
}  // namespace lockstep
