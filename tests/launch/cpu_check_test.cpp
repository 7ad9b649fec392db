#include "cpu_check.h"

#include <array>
#include <string>

#include <gtest/gtest.h>

#include "compiled_features.h"

namespace lockstep {
namespace {

constexpr std::uint32_t bit(CpuFeature feature) {
    return static_cast<std::uint32_t>(feature);
}

TEST(CpuCheck, NothingIsMissingWhereThisRuns) {
    std::array<char, 64> text{};
    EXPECT_EQ(missing_features(kCompiledFeatures, available_features(), text.data(), text.size()), 0);
    EXPECT_STREQ(text.data(), "");
}

TEST(CpuCheck, NamesWhatIsMissing) {
    std::array<char, 64> text{};
    const std::uint32_t compiled = bit(CpuFeature::avx2) | bit(CpuFeature::fma) | bit(CpuFeature::avx512f);
    EXPECT_EQ(missing_features(compiled, bit(CpuFeature::fma), text.data(), text.size()), 2);
    EXPECT_STREQ(text.data(), "avx2 avx512f");
}

TEST(CpuCheck, CutsTheListWhereThereIsNoRoom) {
    std::array<char, 9> text{};
    const std::uint32_t compiled = bit(CpuFeature::avx2) | bit(CpuFeature::avx512f);
    EXPECT_EQ(missing_features(compiled, 0, text.data(), text.size()), 2);
    EXPECT_STREQ(text.data(), "avx2");
}

}  // namespace
}  // namespace lockstep
