#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/launch/resume.h>

#include "error_of.h"
#include "job_text.h"

namespace lockstep {
namespace {

using testing::HasSubstr;

std::string difference(const std::vector<std::string>& overrides) {
    return config_error(
        [&] { require_same_job(job_of(kGoodJob).resolved, job_of(kGoodJob, overrides).resolved); });
}

TEST(Resume, TheSameJobIsTheSame) {
    EXPECT_EQ(difference({}), "");
}

TEST(Resume, SomeSettingsMayChange) {
    EXPECT_EQ(difference({"training.epochs=9", "training.verbose=2", "run.exchange=private"}), "");
    EXPECT_EQ(difference({"callbacks[0].path=other.csv", "log.level=debug"}), "");
    EXPECT_EQ(difference({"run.directory=elsewhere", "run.name=other", "data.directory=/mnt"}), "");
    EXPECT_EQ(difference({"data.train.file=other.h5"}), "");
    EXPECT_EQ(difference({"model.weights=other.weights.h5"}), "");
}

TEST(Resume, OthersAreNamedWithBothValues) {
    const std::string message =
        difference({"training.batch_size=32", "run.seed=5", "model.layers[1].units=17"});
    EXPECT_THAT(message, HasSubstr("training.batch_size: 16 when the run began, 32 now"));
    EXPECT_THAT(message, HasSubstr("run.seed: 0 when the run began, 5 now"));
    EXPECT_THAT(message, HasSubstr("model.layers[1].units: 16 when the run began, 17 now"));
}

TEST(Resume, ASettingMoreOrLessIsADifference) {
    EXPECT_THAT(difference({"training.shards=4"}),
                HasSubstr("training.shards: nothing when the run began, 4 now"));
}

TEST(Resume, InputsAreFilesOnlyOfFileFormats) {
    const auto with = [](const std::string& source, const std::string& inputs) {
        return job_of(kGoodJob, {"data.source=" + source, "data.train.inputs=" + inputs}).resolved;
    };
    EXPECT_EQ(config_error([&] { require_same_job(with("idx", "a.gz"), with("idx", "b.gz")); }), "");
    EXPECT_THAT(config_error([&] { require_same_job(with("hdf5", "/a"), with("hdf5", "/b")); }),
                HasSubstr("data.train.inputs"));
}

}  // namespace
}  // namespace lockstep
