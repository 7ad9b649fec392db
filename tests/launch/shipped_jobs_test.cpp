// Every job file in launch/jobs is read, and its network built, as far as that goes without data.
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <lockstep/callbacks/builtin.h>
#include <lockstep/launch/job.h>
#include <lockstep/launch/job_file.h>

#include "job_parts.h"

namespace lockstep {
namespace {

std::vector<std::string> shipped_jobs() {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(LOCKSTEP_JOBS))
        if (entry.path().extension() == ".toml") names.push_back(entry.path().stem().string());
    return names;
}

class ShippedJob : public testing::TestWithParam<std::string> {};

TEST_P(ShippedJob, IsSound) {
    setenv("LOCKSTEP_DATA", "/data", 0);
    register_builtin_callbacks();
    const std::string file = std::string(LOCKSTEP_JOBS) + "/" + GetParam() + ".toml";
    const Job job = read_job(parse_toml(read_text(file), file), file);
    EXPECT_EQ(job.run.name, GetParam());
    const JobParts parts = make_parts(job);
    EXPECT_GT(parts.model.parameters().total(), 0U);
    parts.loss->target_shape(parts.model.output_shape());
    EXPECT_GE(parts.callbacks.size(), 3U);
}

INSTANTIATE_TEST_SUITE_P(Jobs, ShippedJob, testing::ValuesIn(shipped_jobs()), [](const auto& test) {
    std::string name = test.param;
    for (char& c : name)
        if (c == '-') c = '_';
    return name;
});

}  // namespace
}  // namespace lockstep
