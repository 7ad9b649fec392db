#include <cstdlib>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/launch/run_directory.h>

#include "error_of.h"
#include "scratch_directory.h"

namespace lockstep {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class RunDirectory : public testing::Test {
protected:
    RunDirectory() {
        run_.name = "tiny";
        run_.directory = root_ / "runs";
    }

    /// What a run that was there has left.
    fs::path leave_run(const std::string& name) const {
        const fs::path directory = root_ / name;
        fs::create_directories(directory);
        std::ofstream(directory / "run.h5") << "log";
        std::ofstream(directory / "notes.txt") << "mine";
        return directory;
    }

    ScratchDirectory scratch_;
    const fs::path& root_ = scratch_.path();
    RunSection run_;
};

TEST_F(RunDirectory, NewRunsGetNumbers) {
    EXPECT_EQ(place_run({}, run_).directory, root_ / "runs/tiny");
    EXPECT_EQ(place_run({}, run_).directory, root_ / "runs/tiny-2");
    EXPECT_EQ(place_run({}, run_).directory, root_ / "runs/tiny-3");
    EXPECT_TRUE(fs::is_directory(root_ / "runs/tiny-3"));
}

TEST_F(RunDirectory, RunDirMayExistButNotHoldARun) {
    fs::create_directories(root_ / "mine");
    const RunRequest request{.run_dir = root_ / "mine", .resume = "", .overwrite = false};
    EXPECT_EQ(place_run(request, run_).directory, root_ / "mine");
    leave_run("mine");
    const std::string message = error_of<ConfigError>([&] { place_run(request, run_); });
    EXPECT_THAT(message, testing::AllOf(HasSubstr("--resume"), HasSubstr("--overwrite")));
}

TEST_F(RunDirectory, ARunThatNeverBeganIsNotHeld) {
    const fs::path directory = root_ / "mine";
    fs::create_directories(directory / "logs");
    std::ofstream(directory / "job.toml") << "job";
    EXPECT_EQ(place_run({.run_dir = directory, .resume = "", .overwrite = false}, run_).directory, directory);
}

TEST_F(RunDirectory, OverwriteRemovesTheRunAndNothingElse) {
    const fs::path directory = leave_run("mine");
    place_run({.run_dir = directory, .resume = "", .overwrite = true}, run_);
    EXPECT_FALSE(holds_run(directory));
    EXPECT_TRUE(fs::exists(directory / "notes.txt"));
}

TEST_F(RunDirectory, OverwriteWithoutRunDirTakesTheNameItself) {
    place_run({}, run_);
    EXPECT_EQ(place_run({.run_dir = "", .resume = "", .overwrite = true}, run_).directory,
              root_ / "runs/tiny");
}

TEST_F(RunDirectory, ResumeNeedsACheckpoint) {
    const fs::path directory = leave_run("mine");
    const RunRequest request = checked({.run_dir = "", .resume = directory.string(), .overwrite = false});
    EXPECT_THAT(error_of<ConfigError>([&] { place_run(request, run_); }), HasSubstr("no sound checkpoint"));
    EXPECT_TRUE(holds_run(directory));
}

TEST_F(RunDirectory, ResumeAutoStartsWhereThereIsNoCheckpoint) {
    const fs::path directory = leave_run("mine");
    const RunPlace place = place_run({.run_dir = directory, .resume = "auto", .overwrite = false}, run_);
    EXPECT_EQ(place.directory, directory);
    EXPECT_TRUE(place.checkpoint.empty());
    EXPECT_FALSE(fs::exists(directory / "run.h5"));  // it would be taken for this run's
}

TEST_F(RunDirectory, FlagsThatContradictEachOther) {
    EXPECT_THAT(error_of<ConfigError>([] { checked({.run_dir = "a", .resume = "b", .overwrite = false}); }),
                HasSubstr("two directories"));
    EXPECT_THAT(error_of<ConfigError>([] { checked({.run_dir = "a", .resume = "auto", .overwrite = true}); }),
                HasSubstr("exclude"));
    EXPECT_THAT(error_of<ConfigError>([] { checked({.run_dir = "", .resume = "auto", .overwrite = false}); }),
                HasSubstr("--run-dir"));
    EXPECT_EQ(checked({.run_dir = "", .resume = "a", .overwrite = false}).run_dir, "a");
}

}  // namespace
}  // namespace lockstep
