#include "support/progress_text.h"

#include <cmath>

#include <gmock/gmock.h>

#include <lockstep/core/duration.h>
#include <lockstep/core/error.h>

#include "fake_run.h"

namespace lockstep {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ProgressText, ValuesAsInKeras) {
    EXPECT_EQ(metric_text(0.12345), "0.1235");
    EXPECT_EQ(metric_text(-12.0), "-12.0000");
    EXPECT_EQ(metric_text(1e-3), "1.0000e-03");
    EXPECT_EQ(metric_text(-0.00012), "-1.2000e-04");
    EXPECT_EQ(metric_text(std::nan("")), "nan");
}

TEST(ProgressText, DurationsAsInKeras) {
    EXPECT_EQ(duration_text(59.9), "59s");
    EXPECT_EQ(duration_text(185), "3:05");
    EXPECT_EQ(duration_text(3723), "1:02:03");
    EXPECT_EQ(step_time_text(2.0), "2s/step");
    EXPECT_EQ(step_time_text(0.0031), "3ms/step");
    EXPECT_EQ(step_time_text(0.00004), "40us/step");
}

TEST(ProgressText, BarOnTheWay) {
    const Progress half{.done = 50, .total = 100, .timed = 50, .batch_seconds = 5.0, .seconds = 5.0};
    const std::string bar = bar_text(half, make_logs({{"loss", 0.5}}), 80);
    EXPECT_EQ(bar,
              "\x1b[1m50/100\x1b[0m \x1b[32m━━━━━━━━━━\x1b[37m━━━━━━━━━━\x1b[0m \x1b[1m5s\x1b[0m 100ms/step "
              "- loss: 0.5000");
}

// A line that wraps cannot be drawn again in its place.
TEST(ProgressText, BarLeavesOutWhatFindsNoRoomUntilTheEnd) {
    Progress progress{.done = 50, .total = 100, .timed = 50, .batch_seconds = 5.0, .seconds = 5.0};
    const Logs logs = make_logs({{"loss", 0.5}, {"a_metric_with_a_long_name", 0.5}});
    EXPECT_THAT(bar_text(progress, logs, 60), Not(HasSubstr("a_metric")));
    progress.ended = true;
    EXPECT_THAT(bar_text(progress, logs, 60), HasSubstr("a_metric_with_a_long_name: 0.5000"));
}

}  // namespace
}  // namespace lockstep
