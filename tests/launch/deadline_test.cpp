#include "deadline.h"

#include <chrono>

#include <gmock/gmock.h>

#include <lockstep/core/error.h>

#include "error_of.h"
#include "job_text.h"

namespace lockstep {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const std::chrono::system_clock::time_point kStart{std::chrono::seconds(1'700'000'000)};

/// Seconds after the start of the program.
double deadline_of(const std::vector<std::string>& settings, const char* slurm_end = nullptr) {
    const auto deadline = find_deadline(job_of(kGoodJob, settings), kStart, slurm_end);
    return std::chrono::duration<double>(deadline.value().time - kStart).count();
}

std::string error_with(const std::vector<std::string>& settings, const char* slurm_end = nullptr) {
    return error_of<ConfigError>([&] { find_deadline(job_of(kGoodJob, settings), kStart, slurm_end); });
}

TEST(FindDeadline, ThereIsNoneUnlessAskedFor) {
    EXPECT_FALSE(find_deadline(job_of(kGoodJob), kStart, "1700003600").has_value());
}

TEST(FindDeadline, CountsFromTheEndThatSlurmTells) {
    EXPECT_EQ(deadline_of({"run.stop_before=00:10:00"}, "1700003600"), 3000);
    EXPECT_EQ(deadline_of({"run.stop_before=10m"}, "1700003600"), 3000);
    EXPECT_EQ(deadline_of({"run.stop_before=600"}, "1700003600"), 3000);
    EXPECT_EQ(deadline_of({"run.stop_before=10m", "run.time_limit=24:00:00"}, "1700003600"), 3000);
}

TEST(FindDeadline, OrFromTheTimeLimit) {
    EXPECT_EQ(deadline_of({"run.stop_before=10m", "run.time_limit=90"}), 4800);
    EXPECT_EQ(deadline_of({"run.stop_before=10m", "run.time_limit=1-00:00:00"}), 85800);
    EXPECT_EQ(deadline_of({"run.stop_before=10m", "run.time_limit=01:00:00"}, ""), 3000);  // old Slurm
}

TEST(FindDeadline, SaysWhy) {
    const auto deadline =
        find_deadline(job_of(kGoodJob, {"run.stop_before=10m", "run.time_limit=1h"}), kStart, nullptr);
    EXPECT_THAT(deadline.value().reason, StartsWith("600 s before the end of the job at 2023-11-1"));
    EXPECT_THAT(deadline.value().reason, HasSubstr("(run.time_limit)"));
}

TEST(FindDeadline, AnUnknownEndIsAnErrorThatSaysWhatToSet) {
    const std::string message = error_with({"run.stop_before=10m"});
    EXPECT_THAT(message, HasSubstr("run.stop_before"));
    EXPECT_THAT(message, HasSubstr("SLURM_JOB_END_TIME"));
    EXPECT_THAT(message, HasSubstr("time_limit = \"24:00:00\""));
}

TEST(FindDeadline, RefusesWhatMakesNoSense) {
    EXPECT_THAT(error_with({"run.time_limit=1h"}), HasSubstr("for example stop_before = \"10m\""));
    EXPECT_THAT(error_with({"run.time_limit=10", "run.stop_before=600"}),
                HasSubstr("run.time_limit: expected more than stop_before, which is 600 s, got 600 s"));
    EXPECT_THAT(error_with({"run.stop_before=soon"}), HasSubstr("run.stop_before: expected a duration"));
    EXPECT_THAT(error_with({"run.stop_before=10m"}, "tomorrow"), HasSubstr("SLURM_JOB_END_TIME"));
}

}  // namespace
}  // namespace lockstep
