#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/launch/resume.h>

#include "error_of.h"
#include "job_text.h"

namespace lockstep {
namespace {

using testing::HasSubstr;

void resume_with(const std::vector<std::string>& overrides) {
    require_same_job(job_of(kGoodJob).resolved, job_of(kGoodJob, overrides).resolved);
}

std::string difference(const std::vector<std::string>& overrides) {
    return error_of<ConfigError>([&] { resume_with(overrides); });
}

TEST(Resume, TheSameJobIsTheSame) {
    EXPECT_NO_THROW(resume_with({}));
}

TEST(Resume, SomeSettingsMayChange) {
    EXPECT_NO_THROW(resume_with({"training.epochs=9", "training.verbose=2", "run.exchange=private"}));
    EXPECT_NO_THROW(resume_with({"callbacks[0].path=other.csv", "log.level=debug"}));
    EXPECT_NO_THROW(resume_with({"run.directory=elsewhere", "run.name=other", "data.directory=/mnt"}));
    EXPECT_NO_THROW(resume_with({"training.on_nonfinite=skip", "training.check_replicas=100"}));
    EXPECT_NO_THROW(resume_with({"run.heartbeat_timeout=0", "run.stall_timeout=1h"}));
    EXPECT_NO_THROW(resume_with({"data.train.file=other.h5"}));
    EXPECT_NO_THROW(resume_with({"data.cache=node"}));
    EXPECT_NO_THROW(resume_with({"training.elastic=true"}));
    EXPECT_NO_THROW(resume_with({"run.stop_before=10m", "run.time_limit=2h"}));
    EXPECT_NO_THROW(resume_with({"model.weights=other.weights.h5"}));
}

TEST(Resume, OthersAreNamedWithBothValues) {
    const std::string message =
        difference({"training.batch_size=32", "run.seed=5", "model.layers[1].units=17"});
    EXPECT_THAT(message, HasSubstr("training.batch_size: 16 when the run began, 32 now"));
    EXPECT_THAT(message, HasSubstr("run.seed: 0 when the run began, 5 now"));
    EXPECT_THAT(message, HasSubstr("model.layers[1].units: 16 when the run began, 17 now"));
    EXPECT_THAT(difference({"training.shuffle={ block = 32 }"}), HasSubstr("training.shuffle"));
    EXPECT_THAT(difference({"data.augmentation=[\"random_flip\"]"}), HasSubstr("data.augmentation[0]"));
}

TEST(Resume, ASettingMoreOrLessIsADifference) {
    EXPECT_THAT(difference({"training.shards=4"}),
                HasSubstr("training.shards: nothing when the run began, 4 now"));
}

TEST(Resume, InputsAreFilesOnlyOfFileFormats) {
    const auto with = [](const std::string& source, const std::string& inputs) {
        return job_of(kGoodJob, {"data.source=" + source, "data.train.inputs=" + inputs}).resolved;
    };
    EXPECT_NO_THROW(require_same_job(with("idx", "a.gz"), with("idx", "b.gz")));
    EXPECT_NO_THROW(require_same_job(with("npy", "a.npy"), with("npy", "b.npy")));
    EXPECT_NO_THROW(require_same_job(with("npy", "['a.npy']"), with("npy", "['b.npy']")));
    EXPECT_THAT(error_of<ConfigError>([&] { require_same_job(with("hdf5", "/a"), with("hdf5", "/b")); }),
                HasSubstr("data.train.inputs"));
}

TEST(Resume, InputsInArchivesAreNoFiles) {
    const auto with = [](const std::string& inputs) {
        return job_of(kGoodJob, {"data.source=npy", "data.train.file=a.npz", "data.train.inputs=" + inputs})
            .resolved;
    };
    EXPECT_THAT(error_of<ConfigError>([&] { require_same_job(with("x"), with("y")); }),
                HasSubstr("data.train.inputs"));
}

TEST(Resume, FoldersMayMove) {
    const auto with = [](const std::string& directory) {
        return job_of(kGoodJob, {"data.source=images", "data.train.directory=" + directory}).resolved;
    };
    EXPECT_NO_THROW(require_same_job(with("/a"), with("/b")));
}

}  // namespace
}  // namespace lockstep
