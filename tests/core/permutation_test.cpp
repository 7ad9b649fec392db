#include <algorithm>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include <lockstep/core/permutation.h>

namespace lockstep {
namespace {

std::vector<std::uint64_t> order(std::uint64_t size, std::uint64_t seed, std::uint64_t pass) {
    const Permutation permutation(size, seed, pass);
    std::vector<std::uint64_t> samples(size);
    for (std::uint64_t i = 0; i < size; ++i) samples[i] = permutation(i);
    return samples;
}

void expect_bijection(std::uint64_t size) {
    std::vector<std::uint64_t> samples = order(size, 42, 3);
    std::ranges::sort(samples);
    std::vector<std::uint64_t> all(size);
    std::iota(all.begin(), all.end(), 0U);
    EXPECT_EQ(samples, all) << "size " << size;
}

TEST(Permutation, VisitsEachSampleOnce) {
    for (std::uint64_t size = 1; size <= 300; ++size) expect_bijection(size);
    expect_bijection(60000);
    expect_bijection(65536);
    expect_bijection(65537);
}

TEST(Permutation, StaysInRangeForHugeSizes) {
    const std::uint64_t size = (std::uint64_t{1} << 40) + 5;
    const Permutation permutation(size, 1, 1);
    for (std::uint64_t i = 0; i < 100; ++i) EXPECT_LT(permutation(size - 1 - i), size);
}

TEST(Permutation, DiffersByPassAndBySeed) {
    const auto first = order(1000, 42, 0);
    EXPECT_EQ(first, order(1000, 42, 0));
    const auto agreements = [&](const std::vector<std::uint64_t>& other) {
        int count = 0;
        for (std::size_t i = 0; i < first.size(); ++i) count += first[i] == other[i] ? 1 : 0;
        return count;
    };
    EXPECT_LT(agreements(order(1000, 42, 1)), 12);  // one is expected by chance
    EXPECT_LT(agreements(order(1000, 43, 0)), 12);
}

TEST(Permutation, TheFirstSampleIsUniformOverPasses) {
    constexpr std::uint64_t kSize = 10;
    constexpr int kPasses = 10000;
    std::vector<int> counts(kSize);
    for (std::uint64_t pass = 0; pass < kPasses; ++pass) ++counts[Permutation(kSize, 7, pass)(0)];
    for (const int count : counts) EXPECT_NEAR(count, 1000, 150);  // five standard deviations
}

TEST(Permutation, NeighboursAreTornApart) {
    const auto samples = order(60000, 42, 0);
    int adjacent = 0;
    for (std::size_t i = 1; i < samples.size(); ++i) adjacent += samples[i] == samples[i - 1] + 1 ? 1 : 0;
    EXPECT_LT(adjacent, 10);  // one is expected by chance
}

}  // namespace
}  // namespace lockstep
