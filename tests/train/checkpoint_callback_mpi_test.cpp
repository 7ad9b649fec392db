// What callbacks keep in checkpoints: their state, copies of weights, and that they stopped training.
#include <filesystem>

#include <gmock/gmock.h>

#include <lockstep/core/error.h>
#include <lockstep/train/callback.h>

#include "directory_mpi_test.h"
#include "toy.h"

namespace lockstep {
namespace {

namespace fs = std::filesystem;

class CheckpointsOfCallbacks : public DirectoryMpiTest {};

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

TEST_F(CheckpointsOfCallbacks, KnowThatTrainingHadStoppedAndKeepCopiesOfWeights) {
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

TEST_F(CheckpointsOfCallbacks, KeepTheStateOfCallbacks) {
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

TEST_F(CheckpointsOfCallbacks, ACallbackThatRefusesItsStateEndsAllRanks) {
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

}  // namespace
}  // namespace lockstep
