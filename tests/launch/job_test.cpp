#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
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
    EXPECT_THAT(error_of<ConfigError>([&] { job_of(text); }),
                testing::StartsWith("job.toml:5: data.directory: "));
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

TEST(Job, ShuffleIsABooleanOrBlocks) {
    const auto shuffle = [](const std::string& value) {
        return job_of(kGoodJob, {"training.shuffle=" + value}).training.shuffle;
    };
    EXPECT_EQ(job_of(kGoodJob).training.shuffle, Shuffle(true));
    EXPECT_EQ(shuffle("false"), Shuffle(false));
    EXPECT_EQ(shuffle("{ block = 32, window = 8 }"), Shuffle(BlockShuffle{.block = 32, .window = 8}));
    EXPECT_EQ(shuffle("{}"), Shuffle(BlockShuffle{.block = 256, .window = 64}));
    EXPECT_THAT(error_of<ConfigError>([&] { shuffle("{ block = 0 }"); }),
                testing::HasSubstr("at least 1, got 0"));
    EXPECT_THAT(error_of<ConfigError>([&] { shuffle("{ blok = 8 }"); }),
                testing::HasSubstr("did you mean \"block\"?"));
    EXPECT_THAT(error_of<ConfigError>([&] { shuffle("3"); }), testing::HasSubstr("training.shuffle"));
}

TEST(Job, ResolvedShuffleReadsAsTheSame) {
    const Job job = job_of(kGoodJob, {"training.shuffle={ block = 32 }"});
    const Job again = read_job(parse_toml(job.to_toml(), "job.toml"), "/elsewhere/job.toml");
    EXPECT_EQ(again.training.shuffle, Shuffle(BlockShuffle{.block = 32, .window = 64}));
    EXPECT_TRUE(again.resolved == job.resolved);
}

TEST(Job, DataHasAugmentationAndACache) {
    const Job job = job_of(replaced(kGoodJob, "[data]",
                                    "[data]\ncache = \"node\"\naugmentation = [\"random_flip\", { type = "
                                    "\"gaussian_noise\", stddev = 0.1 }]"));
    EXPECT_EQ(job.cache, Cache::node);
    ASSERT_EQ(job.augmentation.size(), 2U);
    EXPECT_EQ(job.augmentation[1].get<double>("stddev"), 0.1);
    EXPECT_EQ(job_of(kGoodJob).cache, Cache::none);
    EXPECT_THAT(error_of<ConfigError>([] { job_of(kGoodJob, {"data.cache=disk"}); }),
                testing::HasSubstr("data.cache: expected one of \"none\", \"memory\", \"node\""));
    EXPECT_THAT(error_of<ConfigError>([] { job_of(kGoodJob, {"data.augmentation=random_flip"}); }),
                testing::HasSubstr("data.augmentation: expected an array"));
}

}  // namespace
}  // namespace lockstep
