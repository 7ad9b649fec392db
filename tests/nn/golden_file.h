#pragma once

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <lockstep/core/config.h>

/// Cases that golden/make_golden.py computed with PyTorch, or from a formula, in double precision.
namespace golden {

/// Names of the cases of one group: golden/data/<group>/<name>.json.
inline std::vector<std::string> cases(const std::string& group) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(GOLDEN_DATA) / group))
        names.push_back(entry.path().stem().string());
    std::ranges::sort(names);
    return names;
}

inline lockstep::Config load(const std::string& group, const std::string& name) {
    const auto path = std::filesystem::path(GOLDEN_DATA) / group / (name + ".json");
    std::stringstream text;
    text << std::ifstream(path).rdbuf();
    return lockstep::Config::from_json(text.str(), path.string());
}

inline std::vector<float> floats(const lockstep::Config& values) {
    const auto doubles = values.as<std::vector<double>>();
    return {doubles.begin(), doubles.end()};
}

/// Every value is the expected one within `tolerance` of the largest of them, or of `least` if that is
/// larger.
inline void expect_near(const std::vector<float>& got, const lockstep::Config& expected,
                        const std::string& what, double tolerance = 2e-6, double least = 1e-3) {
    const auto values = expected.as<std::vector<double>>();
    ASSERT_EQ(got.size(), values.size()) << what;
    double largest = least;
    for (const double value : values) largest = std::max(largest, std::abs(value));
    for (std::size_t i = 0; i < values.size(); ++i)
        ASSERT_NEAR(static_cast<double>(got[i]), values[i], tolerance * largest) << what << "[" << i << "]";
}

}  // namespace golden
