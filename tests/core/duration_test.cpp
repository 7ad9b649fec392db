#include <gmock/gmock.h>

#include <lockstep/core/duration.h>
#include <lockstep/core/error.h>

#include "error_of.h"

namespace lockstep {
namespace {

TEST(Duration, ReadsUnits) {
    EXPECT_DOUBLE_EQ(read_duration("500ms"), 0.5);
    EXPECT_DOUBLE_EQ(read_duration("2s"), 2.0);
    EXPECT_DOUBLE_EQ(read_duration("5min"), 300.0);
    EXPECT_DOUBLE_EQ(read_duration("10m"), 600.0);
    EXPECT_DOUBLE_EQ(read_duration("1.5h"), 5400.0);
    EXPECT_DOUBLE_EQ(read_duration("1d2h"), 93600.0);
    EXPECT_DOUBLE_EQ(read_duration(60), 60.0);
    EXPECT_DOUBLE_EQ(read_duration("60"), 60.0);
}

TEST(Duration, ReadsClocks) {
    EXPECT_DOUBLE_EQ(read_duration("01:02:03"), 3723.0);
    EXPECT_DOUBLE_EQ(read_duration("02:00:00:01"), 172801.0);
    EXPECT_DOUBLE_EQ(read_duration("2-00:00:01"), 172801.0);
    EXPECT_DOUBLE_EQ(read_duration("1-06:30"), 109800.0);
    EXPECT_DOUBLE_EQ(read_duration("1-06"), 108000.0);
}

TEST(Duration, RefusesWhatIsNone) {
    for (const char* wrong :
         {"", "s", "-1s", "3 days", "inf", "1:2:3:4:5", "12:00", "00:00:61", "01:60:00", "1-", "5:", "1-6h"})
        EXPECT_THROW(read_duration(wrong), ConfigError) << wrong;
    EXPECT_THAT(error_of<ConfigError>([] { read_duration("soon"); }), testing::HasSubstr("1h30m"));
}

TEST(TimeLimit, IsInMinutesAsInSlurm) {
    EXPECT_DOUBLE_EQ(read_time_limit(90), 5400.0);
    EXPECT_DOUBLE_EQ(read_time_limit("90"), 5400.0);
    EXPECT_DOUBLE_EQ(read_time_limit("12:00:00"), 43200.0);
    EXPECT_DOUBLE_EQ(read_time_limit("1-12"), 129600.0);
    EXPECT_DOUBLE_EQ(read_time_limit("45s"), 45.0);
}

}  // namespace
}  // namespace lockstep
