// Checkpoints from the middle of an epoch, or of its validation, give the bits of training without a break.
#include <filesystem>

#include <gmock/gmock.h>

#include <lockstep/core/error.h>
#include <lockstep/train/callback.h>

#include "directory_mpi_test.h"
#include "toy.h"

namespace lockstep {
namespace {

namespace fs = std::filesystem;

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

class CheckpointsWithinEpochs : public DirectoryMpiTest, public testing::WithParamInterface<std::int64_t> {};

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

class CheckpointsWithin : public DirectoryMpiTest {};

TEST_F(CheckpointsWithin, AValidationAreOfTheEndOfTheEpoch) {
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

TEST_F(CheckpointsWithin, LongerDataAreRefused) {
    Toy toy(*session, {.shards = shards()}), other(*session, {.shards = shards()});
    FitOptions options{.batch_size = 50, .epochs = 1};
    options.callbacks = {std::make_shared<SaveAtBatch>(directory_ / "within.h5", 0, 2)};
    toy.trainer().fit(Toy::glyphs(230), options);
    other.trainer().restore(directory_ / "within.h5");
    EXPECT_THAT([&] { other.trainer().fit(Toy::glyphs(100), {.batch_size = 50, .epochs = 1}); },
                testing::ThrowsMessage<DataError>(testing::HasSubstr("from batch 3 of a pass")));
}

}  // namespace
}  // namespace lockstep
