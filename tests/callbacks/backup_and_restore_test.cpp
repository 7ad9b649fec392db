#include <fstream>

#include <gmock/gmock.h>

#include <lockstep/callbacks/backup_and_restore.h>
#include <lockstep/comm/session.h>
#include <lockstep/core/error.h>
#include <lockstep/data/friedman_source.h>
#include <lockstep/train/checkpoint.h>
#include <lockstep/train/trainer.h>

#include "fake_run.h"

namespace lockstep {
namespace {

using testing::HasSubstr;

class BackupAndRestoreTest : public CallbackTest {
protected:
    /// The trainer writes what was asked for in a hook, and then removes what nobody needs any more.
    void write_files(const std::string& text) {
        for (const CheckpointRequest& request : run.requests) {
            EXPECT_FALSE(request.weights_only);
            std::ofstream(request.path) << text;
        }
        run.requests.clear();
        for (const auto& unneeded : run.removals) std::filesystem::remove(unneeded);
        run.removals.clear();
    }
    bool exists(const char* name) const { return std::filesystem::exists(path(name)); }

    /// A process has one.
    static Session& session() {
        static Session only;
        return only;
    }
};

TEST_F(BackupAndRestoreTest, KeepsTheNewestUntilTrainingEnds) {
    BackupAndRestore& callback = make<BackupAndRestore>({});
    callback.on_train_begin({});
    for (int epoch = 0; epoch < 3; ++epoch) {
        callback.on_train_batch_end(0, {});
        EXPECT_TRUE(run.requests.empty());
        callback.on_epoch_end(epoch, {});
        ASSERT_EQ(run.requests.size(), 1U);
        write_files(std::to_string(epoch));
        EXPECT_EQ(text_of("checkpoints/backup.h5"), std::to_string(epoch));
        EXPECT_FALSE(exists("checkpoints/backup-previous.h5"));
    }
    callback.on_train_end({});
    EXPECT_TRUE(exists("checkpoints/backup.h5")) << "the last checkpoint is not written yet";
    write_files("");
    EXPECT_FALSE(exists("checkpoints/backup.h5"));
}

TEST_F(BackupAndRestoreTest, KeepsItWhenTrainingGoesOnAnotherDay) {
    BackupAndRestore& callback = make<BackupAndRestore>({});
    callback.on_train_begin({});
    callback.on_epoch_end(0, {});
    write_files("0");
    run.stop_training("SIGUSR1", StopCause::request);
    callback.on_train_end({});
    write_files("");
    EXPECT_TRUE(exists("checkpoints/backup.h5"));
}

TEST_F(BackupAndRestoreTest, TheOneBeforeStaysToo) {
    BackupAndRestore& callback = make<BackupAndRestore>({.backup_dir = "b", .double_checkpoint = true});
    callback.on_train_begin({});
    for (int epoch = 0; epoch < 3; ++epoch) {
        callback.on_epoch_end(epoch, {});
        write_files(std::to_string(epoch));
    }
    EXPECT_EQ(text_of("b/backup.h5"), "2");
    EXPECT_EQ(text_of("b/backup-previous.h5"), "1");
    callback.on_train_end({});
    write_files("");
    EXPECT_FALSE(exists("b/backup.h5"));
    EXPECT_FALSE(exists("b/backup-previous.h5"));
}

TEST_F(BackupAndRestoreTest, LeavesOtherFilesAlone) {
    std::filesystem::create_directories(path("checkpoints"));
    std::ofstream(path("checkpoints/final.h5")) << "final";
    BackupAndRestore& callback = make<BackupAndRestore>({});
    callback.on_train_begin({});
    callback.on_train_end({});
    write_files("");
    EXPECT_EQ(text_of("checkpoints/final.h5"), "final");
}

TEST_F(BackupAndRestoreTest, StaysWhenItIsToStay) {
    BackupAndRestore& callback =
        make<BackupAndRestore>({.save_freq = Batches{2}, .delete_checkpoint = false});
    callback.on_train_begin({});
    for (run.step_now = 0; run.step_now < 5; ++run.step_now) {
        callback.on_train_batch_end(run.step_now, {});
        EXPECT_EQ(run.requests.size(), run.step_now % 2 == 1 ? 1U : 0U);
        write_files(std::to_string(run.step_now));
    }
    callback.on_epoch_end(0, {});
    EXPECT_TRUE(run.requests.empty());
    callback.on_train_end({});
    write_files("");
    EXPECT_EQ(text_of("checkpoints/backup.h5"), "3");
}

TEST_F(BackupAndRestoreTest, ALossThatIsNotFiniteKeepsTheLastGoodOne) {
    BackupAndRestore& callback = make<BackupAndRestore>({});
    callback.on_train_begin({});
    callback.on_epoch_end(0, make_logs({{"loss", 1}}));
    write_files("good");
    const Logs diverged = make_logs({{"loss", std::numeric_limits<double>::infinity()}});
    callback.on_epoch_end(1, diverged);
    EXPECT_TRUE(run.requests.empty());
    callback.on_train_end(diverged);
    write_files("");
    EXPECT_EQ(text_of("checkpoints/backup.h5"), "good");
}

TEST_F(BackupAndRestoreTest, AHalfWrittenFileOfAnotherTrainingIsNoBackup) {
    std::filesystem::create_directories(path("checkpoints"));
    std::ofstream(path("checkpoints/backup.h5")) << "torn";
    make<BackupAndRestore>({}).on_train_begin({});
}

TEST_F(BackupAndRestoreTest, ReadsItsKeys) {
    const Config keys = Config::from_json(
        R"({"backup_dir": "b", "save_freq": "1 batch", "double_checkpoint": true, "delete_checkpoint": false})");
    const auto callback = BackupAndRestore::from_config(keys);
    keys.reject_unknown_keys();
    callback->attach(&run);
    callback->on_train_begin({});
    callback->on_train_batch_end(0, {});
    ASSERT_EQ(run.requests.size(), 1U);
    EXPECT_EQ(run.requests.front().path, path("b/backup.h5"));
    EXPECT_THROW(BackupAndRestore::from_config(Config::from_json(R"({"save_freq": false})")), ConfigError);
    EXPECT_THROW(BackupAndRestore({.backup_dir = ""}), ConfigError);
}

/// Fails in an epoch, as a machine does.
class Interruption final : public Callback {
public:
    void on_epoch_end(int epoch, const Logs&) override {
        if (epoch == 2) throw Error("interrupted");
    }
};

/// Two numbers in, one out.
class SmallTraining {
public:
    SmallTraining(Session& session, const std::filesystem::path& directory) {
        model_.add<Dense>({.units = 1});
        trainer = std::make_unique<Trainer>(
            session, model_,
            TrainerOptions{.loss = "mean_squared_error",
                           .optimizer = Config::table({{"type", "adam"}, {"learning_rate", 0.01}}),
                           .seed = 3,
                           .directory = directory});
    }

    History fit(std::vector<std::shared_ptr<Callback>> callbacks) {
        const Dataset data(std::make_shared<FriedmanSource>(FriedmanSource::Options{.samples = 40}));
        return trainer->fit(data, {.batch_size = 8,
                                   .epochs = 4,
                                   .initial_epoch = trainer->epochs_done(),
                                   .callbacks = std::move(callbacks)});
    }

    std::unique_ptr<Trainer> trainer;

private:
    Sequential model_{{10}};
};

TEST_F(BackupAndRestoreTest, AnInterruptedTrainingGoesOnToTheBit) {
    const auto backup = [] { return std::make_shared<BackupAndRestore>(BackupAndRestore::Options{}); };
    SmallTraining straight(session(), path("straight"));
    EXPECT_FALSE(BackupAndRestore::resume(session(), *straight.trainer, path("straight/checkpoints")));
    straight.fit({backup()});
    EXPECT_FALSE(exists("straight/checkpoints/backup.h5"));

    SmallTraining first(session(), run.directory());
    EXPECT_THROW(first.fit({backup(), std::make_shared<Interruption>()}), Error);
    EXPECT_EQ(read_checkpoint_info(path("checkpoints/backup.h5")).epochs_done, 2);

    SmallTraining forgetful(session(), run.directory());
    EXPECT_THAT(error_of<ConfigError>([&] { forgetful.fit({backup()}); }),
                HasSubstr("backup.h5 holds 10 steps of an interrupted training"));

    SmallTraining second(session(), run.directory());
    EXPECT_TRUE(BackupAndRestore::resume(session(), *second.trainer, path("checkpoints")));
    EXPECT_EQ(second.trainer->epochs_done(), 2);
    second.fit({backup()});
    EXPECT_EQ(second.trainer->get_weights(), straight.trainer->get_weights());
    EXPECT_FALSE(exists("checkpoints/backup.h5"));
}

/// Asks for a last checkpoint that cannot be written, as on a full disk.
class LastCheckpoint final : public Callback {
public:
    explicit LastCheckpoint(std::filesystem::path path) : path_(std::move(path)) {}
    void on_train_end(const Logs&) override { run().request_checkpoint({.path = path_}); }

private:
    std::filesystem::path path_;
};

TEST_F(BackupAndRestoreTest, StaysWhenTheLastCheckpointCannotBeWritten) {
    std::filesystem::create_directories(path("last.h5/in_its_way"));
    SmallTraining training(session(), run.directory());
    EXPECT_THROW(training.fit({std::make_shared<BackupAndRestore>(BackupAndRestore::Options{}),
                               std::make_shared<LastCheckpoint>("last.h5")}),
                 Error);
    EXPECT_EQ(read_checkpoint_info(path("checkpoints/backup.h5")).epochs_done, 4);
}

}  // namespace
}  // namespace lockstep
