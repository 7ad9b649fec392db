#include <cstdlib>
#include <filesystem>

#include <gmock/gmock.h>
#include <sys/mount.h>
#include <unistd.h>

#include <lockstep/data/cached_source.h>

#include "counting_source.h"
#include "mpi_test.h"

namespace lockstep {
namespace {

using testing::HasSubstr;

constexpr std::uint64_t kSamples = 2500;  // more than are read at once

class CachedSourceTest : public MpiTest {
protected:
    /// Samples that the ranks read altogether.
    double all_reads(const CountingSource& source) const {
        std::vector<double> reads{static_cast<double>(source.reads)};
        world().sum(reads);
        return reads[0];
    }

    std::string error_of(const std::shared_ptr<const Source>& source, Cache place) const {
        try {
            CachedSource(*session, source, place);
        } catch (const ConfigError& error) {
            return error.what();
        } catch (const DataError& error) {
            return std::string("data: ") + error.what();
        }
        return "no error";
    }

    void expect_same_samples(const Source& cache) {
        const CountingSource source(kSamples);
        EXPECT_EQ(cache.size(), kSamples);
        EXPECT_EQ(cache.input_shape(), source.input_shape());
        EXPECT_EQ(cache.target_shape(), source.target_shape());
        EXPECT_TRUE(cache.has_targets());
        EXPECT_TRUE(cache.has_weights());
        EXPECT_FALSE(cache.may_block());
        EXPECT_EQ(cache.describe(), "counting");
        const auto indices = range(0, kSamples);
        const Rows kept = read_rows(cache, indices, true), stored = read_rows(source, indices, true);
        EXPECT_EQ(kept.inputs, stored.inputs);
        EXPECT_EQ(kept.targets, stored.targets);
        EXPECT_EQ(kept.weights, stored.weights);
    }
};

TEST_F(CachedSourceTest, ANodeReadsEachSampleOnce) {
    const auto source = std::make_shared<CountingSource>(kSamples);
    const CachedSource cache(*session, source, Cache::node);
    EXPECT_EQ(all_reads(*source), static_cast<double>(kSamples) * session->topology().nodes());
    expect_same_samples(cache);
    world().barrier();  // the memory lasts until all have looked
}

TEST_F(CachedSourceTest, ARankReadsEachSampleOnceForItself) {
    const auto source = std::make_shared<CountingSource>(kSamples);
    const CachedSource cache(*session, source, Cache::memory);
    EXPECT_EQ(source->reads, kSamples);
    expect_same_samples(cache);
}

TEST_F(CachedSourceTest, FewerSamplesThanRanks) {
    const CachedSource cache(*session, std::make_shared<CountingSource>(1), Cache::node);
    EXPECT_EQ(read_rows(cache, {0}).inputs, (std::vector<float>{0.0F, 0.5F}));
    world().barrier();
}

TEST_F(CachedSourceTest, LetsGoOfTheSource) {
    auto source = std::make_shared<CountingSource>(kSamples);
    const std::weak_ptr<CountingSource> watched = source;
    const CachedSource cache(*session, std::move(source), Cache::memory);
    EXPECT_TRUE(watched.expired());
}

TEST_F(CachedSourceTest, WhatOneRankCannotReadIsEverybodysError) {
    const auto source = std::make_shared<CountingSource>(kSamples);
    source->poison = kSamples - 1;  // the last rank of a node has it
    EXPECT_THAT(error_of(source, Cache::node), HasSubstr("data: sample 2499 is poisoned"));
}

/// Of so many samples that no machine holds them.
class HugeSource final : public Source {
public:
    std::uint64_t size() const override { return std::uint64_t{1} << 48; }
    const Shape& input_shape() const override { return shape_; }
    const Shape& target_shape() const override { return shape_; }
    void read(std::span<const std::uint64_t>, const SampleRows&) const override {}
    std::string describe() const override { return "huge"; }

private:
    Shape shape_{1};
};

TEST_F(CachedSourceTest, ComparesWhatItNeedsWithTheMemoryThereIs) {
    const auto huge = std::make_shared<HugeSource>();
    for (const Cache place : {Cache::memory, Cache::node}) {
        const std::string message = error_of(huge, place);
        EXPECT_THAT(message, HasSubstr("huge: the samples need "));
        EXPECT_THAT(message, HasSubstr("MB free; use cache = \"none\""));
    }
    EXPECT_THAT(error_of(huge, Cache::none), HasSubstr("needs a place"));
}

TEST_F(CachedSourceTest, ATooSmallBackingDirectoryIsAnErrorAndNoHang) {
    const std::filesystem::path small =
        std::filesystem::temp_directory_path() / ("lockstep_small_" + std::to_string(getpid()));
    std::filesystem::create_directory(small);
    const bool mounted = mount("tmpfs", small.c_str(), "tmpfs", 0, "size=16k") == 0;
    constexpr const char* kVariable = "OMPI_MCA_osc_sm_backing_directory";
    setenv(kVariable, small.c_str(), 1);
    std::string message = "not tried";
    if (world().minimum(mounted ? 1 : 0) == 1)
        message = error_of(std::make_shared<CountingSource>(kSamples), Cache::node);
    unsetenv(kVariable);
    if (mounted) umount(small.c_str());
    std::filesystem::remove(small);
    if (message == "not tried") GTEST_SKIP() << "mounting a small file system needs root";
    if (session->topology().nodes() < size())
        EXPECT_THAT(message, HasSubstr("/lockstep_small_"));
    else
        EXPECT_EQ(message, "no error") << "a rank alone needs no shared memory";
}

}  // namespace
}  // namespace lockstep
