// Training that is saved between epochs and continued gives the bits of training without a break.
#include <filesystem>

#include <gmock/gmock.h>

#include <lockstep/core/error.h>
#include <lockstep/train/callback.h>
#include <lockstep/train/checkpoint.h>

#include "directory_mpi_test.h"
#include "toy.h"

namespace lockstep {
namespace {

namespace fs = std::filesystem;

class Checkpoints : public DirectoryMpiTest {
protected:
    std::size_t shards() const { return size() == 3 ? 3 : 4; }
};

TEST_F(Checkpoints, ContinueToTheBit) {
    const FitOptions two{.batch_size = 50, .epochs = 2}, four{.batch_size = 50, .epochs = 4};
    FitOptions rest = four;
    rest.initial_epoch = 2;
    const auto data = Toy::glyphs(230);
    Toy straight(*session, {.shards = shards()});
    const History expected = straight.trainer().fit(data, four);

    Toy first(*session, {.shards = shards()});
    first.trainer().fit(data, two);
    first.trainer().save(directory_ / "two.h5");
    Toy second(*session, {.shards = shards()});
    second.trainer().restore(directory_ / "two.h5");
    EXPECT_EQ(second.trainer().epochs_done(), 2);
    const History history = second.trainer().fit(data, rest);
    EXPECT_EQ(second.trainer().get_weights(), straight.trainer().get_weights());
    EXPECT_EQ(history.at("loss"), expected.since(2).at("loss"));
}

/// Asks for a checkpoint at one batch, and notes which hooks it saw.
class SaveAtBatch final : public Callback {
public:
    SaveAtBatch(fs::path path, int epoch, std::int64_t batch)
        : path_(std::move(path)), epoch_(epoch), batch_(batch) {}
    void on_epoch_begin(int, const Logs&) override { ++epochs_begun; }
    void on_train_batch_end(std::int64_t batch, const Logs& logs) override {
        losses.push_back(logs.at("loss"));
        if (run().epoch() == epoch_ && batch == batch_) run().request_checkpoint({.path = path_});
    }
    int epochs_begun = 0;
    std::vector<double> losses;  // running means

private:
    fs::path path_;
    int epoch_;
    std::int64_t batch_;
};

class CheckpointsWithinEpochs : public Checkpoints, public testing::WithParamInterface<std::int64_t> {};

// Of 5 batches per epoch: in the middle, and after the last one, before validation.
TEST_P(CheckpointsWithinEpochs, ContinueToTheBit) {
    const auto data = Toy::glyphs(230), validation = Toy::glyphs(60, 1);
    FitOptions options{.batch_size = 50, .epochs = 3, .validation_data = validation};
    auto saver = std::make_shared<SaveAtBatch>(directory_ / "within.h5", 1, GetParam());
    options.callbacks = {saver};
    Toy straight(*session, {.shards = shards()});
    const History expected = straight.trainer().fit(data, options);

    Toy resumed(*session, {.shards = shards()});
    resumed.trainer().restore(directory_ / "within.h5");
    EXPECT_EQ(resumed.trainer().epochs_done(), 1);
    auto watcher = std::make_shared<SaveAtBatch>(directory_ / "none.h5", -1, 0);
    options.callbacks = {watcher};
    options.initial_epoch = 1;
    const History history = resumed.trainer().fit(data, options);

    EXPECT_EQ(resumed.trainer().get_weights(), straight.trainer().get_weights());
    for (const char* key : {"loss", "accuracy", "val_loss"})
        EXPECT_EQ(history.at(key), expected.since(1).at(key));
    if (rank() != 0) return;
    EXPECT_EQ(watcher->epochs_begun, 1);  // the epoch at hand had begun before
    const auto rest = static_cast<std::size_t>(5 + GetParam() + 1);
    EXPECT_EQ(watcher->losses,
              std::vector<double>(saver->losses.begin() + static_cast<long>(rest), saver->losses.end()));
}

INSTANTIATE_TEST_SUITE_P(Batches, CheckpointsWithinEpochs, testing::Values(0, 2, 4));

/// Asks for two checkpoints within the second validation, and notes when they are there.
class SaveInValidation final : public Callback {
public:
    explicit SaveInValidation(const fs::path& directory)
        : weights_(directory / "weights.h5"), whole_(directory / "whole.h5") {}
    void on_test_batch_end(std::int64_t batch, const Logs&) override {
        ++test_batches;
        if (run().epoch() != 1) return;
        if (batch == 0) {
            run().request_checkpoint({.path = whole_});
            run().request_checkpoint({.path = weights_, .weights_only = true});
        }
        if (batch == 1) {
            EXPECT_TRUE(fs::exists(weights_));
            EXPECT_FALSE(fs::exists(whole_));
        }
    }
    void on_epoch_begin(int epoch, const Logs&) override { EXPECT_EQ(fs::exists(whole_), epoch == 2); }
    int test_batches = 0;

private:
    fs::path weights_, whole_;
};

TEST_F(Checkpoints, AskedForWithinAValidationAreOfTheEndOfTheEpoch) {
    const auto data = Toy::glyphs(230);
    FitOptions options{.batch_size = 50,
                       .epochs = 3,
                       .validation_data = Toy::glyphs(60, 1),
                       .validation_batch_size = 20,
                       .callbacks = {std::make_shared<SaveInValidation>(directory_)}};
    Toy straight(*session, {.shards = shards()});
    const History expected = straight.trainer().fit(data, options);

    Toy resumed(*session, {.shards = shards()});
    resumed.trainer().restore(directory_ / "whole.h5");
    EXPECT_EQ(resumed.trainer().epochs_done(), 2);
    const auto watcher = std::make_shared<SaveInValidation>(directory_);
    options.callbacks = {watcher};
    options.initial_epoch = 2;
    const History history = resumed.trainer().fit(data, options);
    EXPECT_EQ(resumed.trainer().get_weights(), straight.trainer().get_weights());
    EXPECT_EQ(history.at("val_loss"), expected.since(2).at("val_loss"));
    if (rank() == 0) {
        EXPECT_EQ(watcher->test_batches, 3) << "of the third epoch alone";
    }
}

/// Stops after its second epoch, and keeps a copy of the weights.
class Stopper final : public Callback {
public:
    explicit Stopper(fs::path path) : path_(std::move(path)) {}
    void on_epoch_end(int epoch, const Logs&) override {
        if (epoch == 0) kept = run().get_weights();
        if (epoch == 1) run().stop_training("enough");
        if (epoch == 1) run().request_checkpoint({.path = path_});
    }
    std::map<std::string, std::vector<float>> kept_weights() const override { return {{"first", kept}}; }
    void restore_kept_weights(const std::map<std::string, std::vector<float>>& weights) override {
        kept = weights.at("first");
    }
    std::vector<float> kept;

private:
    fs::path path_;
};

TEST_F(Checkpoints, KnowThatTrainingHadStoppedAndKeepCopiesOfWeights) {
    FitOptions options{.batch_size = 50, .epochs = 4};
    auto first = std::make_shared<Stopper>(directory_ / "stopped.h5");
    options.callbacks = {first};
    Toy straight(*session, {.shards = shards()});
    straight.trainer().fit(Toy::glyphs(100), options);
    EXPECT_EQ(straight.trainer().epochs_done(), 2);

    auto second = std::make_shared<Stopper>(directory_ / "again.h5");
    options.callbacks = {second};
    options.initial_epoch = 2;
    Toy resumed(*session, {.shards = shards()});
    resumed.trainer().restore(directory_ / "stopped.h5");
    resumed.trainer().fit(Toy::glyphs(100), options);
    EXPECT_EQ(resumed.trainer().epochs_done(), 2);
    EXPECT_EQ(resumed.trainer().get_weights(), straight.trainer().get_weights());
    if (rank() == 0) {
        EXPECT_EQ(resumed.trainer().stop_reason(), "enough");
        EXPECT_EQ(second->kept, first->kept);
        EXPECT_FALSE(second->kept.empty());
    }
}

/// Counts epochs over the checkpoint, and asks for one in the middle of the list.
class Counter final : public Callback {
public:
    explicit Counter(fs::path path = {}) : path_(std::move(path)) {}
    void on_train_begin(const Logs&) override { first_epoch = run().epoch(); }
    void on_epoch_end(int, const Logs&) override {
        if (!path_.empty() && epochs == 0) run().request_checkpoint({.path = path_});
        ++epochs;  // after the request: the checkpoint is taken when the whole list has run
    }
    Config state() const override { return Config::table({{"epochs", epochs}}); }
    void restore(const Config& state) override { epochs = state.get<int>("epochs"); }
    int epochs = 0;
    int first_epoch = -1;

private:
    fs::path path_;
};

TEST_F(Checkpoints, KeepTheStateOfCallbacks) {
    Toy first(*session, {.shards = shards()});
    FitOptions options{.batch_size = 50, .epochs = 1};
    options.callbacks = {std::make_shared<Counter>(directory_ / "one.h5")};
    first.trainer().fit(Toy::glyphs(100), options);

    Toy second(*session, {.shards = shards()});
    second.trainer().restore(directory_ / "one.h5");
    auto counter = std::make_shared<Counter>();
    options.callbacks = {counter};
    options.epochs = 2;
    options.initial_epoch = 1;
    second.trainer().fit(Toy::glyphs(100), options);
    if (rank() == 0) {
        EXPECT_EQ(counter->epochs, 2);
        EXPECT_EQ(counter->first_epoch, 1) << "known before training goes on";
    }
}

class Unwilling final : public Callback {
public:
    Config state() const override { return Config::table({{"kept", 1}}); }
    void restore(const Config&) override { throw ConfigError("not my state"); }
    void on_epoch_end(int, const Logs&) override { run().request_checkpoint({.path = path}); }
    fs::path path;
};

TEST_F(Checkpoints, ACallbackThatRefusesItsStateEndsAllRanks) {
    Toy first(*session, {.shards = shards()});
    FitOptions options{.batch_size = 50, .epochs = 1};
    auto unwilling = std::make_shared<Unwilling>();
    unwilling->path = directory_ / "one.h5";
    options.callbacks = {unwilling};
    first.trainer().fit(Toy::glyphs(100), options);
    Toy second(*session, {.shards = shards()});
    second.trainer().restore(directory_ / "one.h5");
    EXPECT_THAT([&] { second.trainer().fit(Toy::glyphs(100), options); },
                testing::ThrowsMessage<ConfigError>(testing::HasSubstr("not my state")));
}

class ZeroAndSave : public Callback {
public:
    explicit ZeroAndSave(fs::path path) : path_(std::move(path)) {}
    void on_epoch_end(int, const Logs&) override { zero_and_save(); }

protected:
    void zero_and_save() {
        run().set_weights(std::vector<float>(run().model().parameters().size, 0.0F));
        run().request_checkpoint({.path = path_});
    }

private:
    fs::path path_;
};

class ZeroAndSaveInTheEnd final : public ZeroAndSave {
public:
    using ZeroAndSave::ZeroAndSave;
    void on_epoch_end(int, const Logs&) override { trained = run().get_weights(); }
    void on_train_end(const Logs&) override { zero_and_save(); }

    std::vector<float> trained;  // on rank 0
};

TEST_F(Checkpoints, HaveTheWeightsThatTheSameHookSet) {
    Toy toy(*session, {.shards = shards()});
    FitOptions options{.batch_size = 50, .epochs = 1};
    options.callbacks = {std::make_shared<ZeroAndSave>(directory_ / "zero.h5")};
    toy.trainer().fit(Toy::glyphs(100), options);
    Toy other(*session, {.shards = shards()});
    other.trainer().load_weights(directory_ / "zero.h5");
    EXPECT_THAT(other.trainer().get_weights(), testing::Each(0.0F));
}

TEST_F(Checkpoints, GoOnFromTheTrainedWeightsWhereTheEndPutOthersInTheirPlace) {
    Toy toy(*session, {.shards = shards()});
    FitOptions options{.batch_size = 50, .epochs = 1};
    const auto callback = std::make_shared<ZeroAndSaveInTheEnd>(directory_ / "zero.h5");
    options.callbacks = {callback};
    toy.trainer().fit(Toy::glyphs(100), options);
    Toy user(*session, {.shards = shards()}), other(*session, {.shards = shards()});
    user.trainer().load_weights(directory_ / "zero.h5");
    EXPECT_THAT(user.trainer().get_weights(), testing::Each(0.0F));
    other.trainer().restore(directory_ / "zero.h5");
    if (rank() != 0) return;
    EXPECT_EQ(other.trainer().get_weights(), callback->trained);
}

class SaveAfterBatches final : public Callback {
public:
    explicit SaveAfterBatches(fs::path path) : path_(std::move(path)) {}
    void on_train_batch_end(std::int64_t, const Logs&) override { run().request_checkpoint({.path = path_}); }

private:
    fs::path path_;
};

TEST_F(Checkpoints, OfOneStepTheNewestIsTheOneAfterTheEpochAndThenTheLastWritten) {
    Toy toy(*session, {.shards = shards()});
    FitOptions options{.batch_size = 50, .epochs = 1};
    options.callbacks = {std::make_shared<SaveAfterBatches>(directory_ / "z-within.h5")};
    toy.trainer().fit(Toy::glyphs(100), options);
    toy.trainer().save(directory_ / "y-first.h5");
    toy.trainer().save(directory_ / "a-second.h5");
    if (rank() != 0) return;
    const auto time = fs::last_write_time(directory_ / "y-first.h5");
    fs::last_write_time(directory_ / "z-within.h5", time + std::chrono::hours(1));
    fs::last_write_time(directory_ / "a-second.h5", time + std::chrono::minutes(1));
    EXPECT_EQ(newest_checkpoint(directory_).filename(), "a-second.h5");
}

TEST_F(Checkpoints, FromTheMiddleOfLongerDataAreRefused) {
    Toy toy(*session, {.shards = shards()}), other(*session, {.shards = shards()});
    FitOptions options{.batch_size = 50, .epochs = 1};
    options.callbacks = {std::make_shared<SaveAtBatch>(directory_ / "within.h5", 0, 2)};
    toy.trainer().fit(Toy::glyphs(230), options);
    other.trainer().restore(directory_ / "within.h5");
    EXPECT_THAT([&] { other.trainer().fit(Toy::glyphs(100), {.batch_size = 50, .epochs = 1}); },
                testing::ThrowsMessage<DataError>(testing::HasSubstr("from batch 3 of a pass")));
}

TEST_F(Checkpoints, StayInTheRunDirectoryUnlessThePathIsAbsolute) {
    Toy toy(*session, {.shards = shards(), .directory = (directory_ / "run").string()});
    FitOptions options{.batch_size = 50, .epochs = 1};
    options.callbacks = {std::make_shared<ZeroAndSave>("../outside.h5")};
    EXPECT_THAT([&] { toy.trainer().fit(Toy::glyphs(100), options); },
                testing::ThrowsMessage<ConfigError>(testing::HasSubstr("leads out of the run directory")));
    options.callbacks = {std::make_shared<ZeroAndSave>("a/../inside.h5"),
                         std::make_shared<ZeroAndSave>(directory_ / "absolute.h5")};
    toy.trainer().fit(Toy::glyphs(100), options);
    if (rank() != 0) return;
    EXPECT_FALSE(fs::exists(directory_ / "outside.h5"));
    EXPECT_TRUE(fs::exists(directory_ / "run/inside.h5"));
    EXPECT_TRUE(fs::exists(directory_ / "absolute.h5"));
}

TEST_F(Checkpoints, SayWhatTheyAre) {
    Toy toy(*session, {.shards = shards()});
    toy.trainer().fit(Toy::glyphs(100), {.batch_size = 50, .epochs = 3});
    toy.trainer().save(directory_ / "a.h5");
    const CheckpointInfo info = read_checkpoint_info(directory_ / "a.h5");
    EXPECT_EQ(info.epochs_done, 3);
    EXPECT_EQ(info.step, 6);
    EXPECT_EQ(info.model, toy.model().config());
    EXPECT_EQ(newest_checkpoint(directory_), directory_ / "a.h5");
}

}  // namespace
}  // namespace lockstep
