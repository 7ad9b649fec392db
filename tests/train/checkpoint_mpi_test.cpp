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

class Checkpoints : public DirectoryMpiTest {};

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
