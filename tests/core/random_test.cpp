#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include <Random123/philox.h>
#include <gtest/gtest.h>

#include <lockstep/core/random.h>

namespace lockstep {
namespace {

using Words = std::array<std::uint32_t, 4>;

TEST(Philox, GivesTheKnownAnswer) {
    // From Random123's own kat_vectors: philox4x32, 10 rounds, counter and key all zero.
    const auto words = r123::Philox4x32()({{0, 0, 0, 0}}, {{0, 0}});
    EXPECT_EQ((Words{words[0], words[1], words[2], words[3]}),
              (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
}

TEST(RandomStream, NeverChanges) {
    // From a second implementation, in Python. A change here would change every run that somebody repeats.
    const Words words = RandomStream(42, Purpose::dropout, 3, 7).words(1000, 5);
    EXPECT_EQ(words, (Words{3935107006, 2900091761, 937073225, 1563995974}));
}

TEST(RandomStream, EveryPartOfTheKeyAndThePlaceMatters) {
    const std::uint64_t high_bit = std::uint64_t{1} << 40;
    std::set<Words> drawn;
    drawn.insert(RandomStream(1, Purpose::dropout, 0, 0).words(0, 0));
    drawn.insert(RandomStream(2, Purpose::dropout, 0, 0).words(0, 0));
    drawn.insert(RandomStream(1 + high_bit, Purpose::dropout, 0, 0).words(0, 0));
    drawn.insert(RandomStream(1, Purpose::noise, 0, 0).words(0, 0));
    drawn.insert(RandomStream(1, Purpose::dropout, 1, 0).words(0, 0));
    drawn.insert(RandomStream(1, Purpose::dropout, high_bit, 0).words(0, 0));
    drawn.insert(RandomStream(1, Purpose::dropout, 0, 1).words(0, 0));
    drawn.insert(RandomStream(1, Purpose::dropout, 0, high_bit).words(0, 0));
    drawn.insert(RandomStream(1, Purpose::dropout, 0, 0).words(1, 0));
    drawn.insert(RandomStream(1, Purpose::dropout, 0, 0).words(high_bit, 0));
    drawn.insert(RandomStream(1, Purpose::dropout, 0, 0).words(0, 1));
    drawn.insert(RandomStream(1, Purpose::dropout, 0, 0).words(0, high_bit));
    EXPECT_EQ(drawn.size(), 12U);
}

TEST(RandomStream, SubstreamsAreStreamsOfTheirOwn) {
    const RandomStream stream(42, Purpose::dropout, 3, 7);
    // From a second implementation, in Python.
    EXPECT_EQ(stream.substream(2).words(1000, 5), (Words{1217406903, 574524082, 3156691495, 1347434460}));
    std::set<Words> drawn{stream.words(0, 0)};
    drawn.insert(stream.substream(0).words(0, 0));
    drawn.insert(stream.substream(1).words(0, 0));
    drawn.insert(stream.substream(1).substream(0).words(0, 0));
    drawn.insert(stream.substream(0).substream(1).words(0, 0));
    drawn.insert(RandomStream(42, Purpose::dropout, 3, 8).substream(0).words(0, 0));
    EXPECT_EQ(drawn.size(), 6U);
}

TEST(RandomStream, StreamsAreNotCorrelated) {
    constexpr std::size_t kCount = 20000;
    std::vector<float> a(kCount), b(kCount);
    const auto correlation = [&] {
        double sum = 0;
        for (std::size_t i = 0; i < kCount; ++i) sum += (a[i] - 0.5) * (b[i] - 0.5) * 12.0;
        return sum / kCount;
    };
    RandomStream(1, Purpose::dropout, 0, 0).uniform(0, 0, a);
    RandomStream(1, Purpose::dropout, 0, 1).uniform(0, 0, b);
    EXPECT_NEAR(correlation(), 0, 0.03);  // four standard deviations
    RandomStream(1, Purpose::dropout, 1, 0).uniform(0, 0, b);
    EXPECT_NEAR(correlation(), 0, 0.03);
    RandomStream(1, Purpose::dropout, 0, 0).uniform(1, 0, b);
    EXPECT_NEAR(correlation(), 0, 0.03);
}

TEST(RandomStream, UniformNumbersFillTheUnitInterval) {
    std::vector<float> values(100000);
    RandomStream(42, Purpose::initial_weights).uniform(0, 0, values);
    std::array<int, 10> counts{};
    double sum = 0;
    for (const float value : values) {
        ASSERT_GE(value, 0.0F);
        ASSERT_LT(value, 1.0F);
        ++counts[static_cast<std::size_t>(value * 10)];
        sum += value;
    }
    EXPECT_NEAR(sum / 100000, 0.5, 0.004);
    for (const int count : counts) EXPECT_NEAR(count, 10000, 480);
}

TEST(RandomStream, NormalNumbersHaveTheMomentsOfTheNormalDistribution) {
    constexpr std::size_t kCount = 200000;
    std::vector<float> values(kCount);
    RandomStream(42, Purpose::initial_weights).normal(0, 0, values);
    std::array<double, 5> moments{};
    for (const float value : values) {
        for (int power = 1; power <= 4; ++power)
            moments[static_cast<std::size_t>(power)] += std::pow(value, power) / kCount;
    }
    EXPECT_NEAR(moments[1], 0, 0.01);
    EXPECT_NEAR(moments[2], 1, 0.015);
    EXPECT_NEAR(moments[3], 0, 0.05);
    EXPECT_NEAR(moments[4], 3, 0.12);
    double neighbours = 0;
    for (std::size_t i = 1; i < kCount; ++i) neighbours += double{values[i]} * values[i - 1] / kCount;
    EXPECT_NEAR(neighbours, 0, 0.01);
}

TEST(RandomStream, APartOfAStreamIsTheSameAsInTheWhole) {
    const RandomStream stream(9, Purpose::noise);
    std::vector<float> whole(37), part(13);
    stream.uniform(5, 0, whole);
    stream.uniform(5, 24, part);
    EXPECT_TRUE(std::equal(part.begin(), part.end(), whole.begin() + 24));
    stream.normal(5, 0, whole);
    stream.normal(5, 24, part);
    EXPECT_TRUE(std::equal(part.begin(), part.end(), whole.begin() + 24));
}

}  // namespace
}  // namespace lockstep
