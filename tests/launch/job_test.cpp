#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/launch/job.h>

#include "error_of.h"
#include "job_text.h"

namespace lockstep {
namespace {

TEST(Job, ReadsWhatIsWritten) {
    const Job job = job_of(kGoodJob);
    EXPECT_EQ(job.run.name, "tiny");
    EXPECT_EQ(job.training.epochs, 2);
    EXPECT_EQ(job.training.batch_size, 16U);
    EXPECT_EQ(job.training.metrics.size(), 1U);
    EXPECT_EQ(job.callbacks.size(), 1U);
    EXPECT_EQ(job.training.shards, 0U);
    EXPECT_FALSE(job.training.verbose.has_value());
}

TEST(Job, NameIsThatOfTheFile) {
    const Job job = job_of(replaced(kGoodJob, "name = \"tiny\"", ""));
    EXPECT_EQ(job.run.name, "job");
}

TEST(Job, DataPathsBeginBesideTheFile) {
    EXPECT_EQ(job_of(kGoodJob).data_directory(), "/jobs");
    EXPECT_EQ(job_of(replaced(kGoodJob, "[data]", "[data]\ndirectory = \"mnist\"")).data_directory(),
              "/jobs/mnist");
    EXPECT_EQ(job_of(replaced(kGoodJob, "[data]", "[data]\ndirectory = \"/data\"")).data_directory(),
              "/data");
}

TEST(Job, DataDirectoryMayNameAVariable) {
    const std::string text = replaced(kGoodJob, "[data]", "[data]\ndirectory = \"${LOCKSTEP_TEST_DIR}/x\"");
    unsetenv("LOCKSTEP_TEST_DIR");
    EXPECT_THAT(config_error([&] { job_of(text); }), testing::StartsWith("job.toml:5: data.directory: "));
    setenv("LOCKSTEP_TEST_DIR", "/there", 1);
    EXPECT_EQ(job_of(text).data_directory(), "/there/x");
}

TEST(Job, InitialWeightsLieBesideTheFile) {
    EXPECT_TRUE(job_of(kGoodJob).weights.empty());
    const Job job = job_of(replaced(kGoodJob, "[model]", "[model]\nweights = \"../best.weights.h5\""));
    EXPECT_EQ(job.weights, "/best.weights.h5");
    const Job again = read_job(parse_toml(job.to_toml(), "job.toml"), "/elsewhere/run/job.toml");
    EXPECT_EQ(again.weights, "/best.weights.h5");
    EXPECT_TRUE(again.resolved == job.resolved);
}

TEST(Job, ResolvedTextReadsAsTheSameJob) {
    const Job job = job_of(kGoodJob, {"training.epochs=7", "run.name=other"});
    const Job again = read_job(parse_toml(job.to_toml(), "job.toml"), "/elsewhere/run/job.toml");
    EXPECT_TRUE(again.resolved == job.resolved) << job.to_toml() << "\n---\n" << again.to_toml();
    EXPECT_EQ(again.training.epochs, 7);
    EXPECT_EQ(again.run.name, "other");
    EXPECT_EQ(again.data_directory(), "/jobs");
}

TEST(Job, ResolvedTextHasTheDefaults) {
    const Job job = job_of(replaced(kGoodJob, "batch_size = 16", ""));
    EXPECT_EQ(job.resolved.at("training").get<int>("batch_size"), 32);
    EXPECT_EQ(job.resolved.at("run").get<int>("seed"), 0);
}

}  // namespace
}  // namespace lockstep
