#include <cstdlib>
#include <ctime>

#include <gtest/gtest.h>

#include <lockstep/core/local_time.h>

namespace lockstep {
namespace {

class LocalTime : public testing::Test {
protected:
    ~LocalTime() override {
        unsetenv("TZ");
        tzset();
    }
    static void live_in(const char* zone) {
        setenv("TZ", zone, 1);
        tzset();
    }
};

constexpr double kBillion = 1e9;  // Unix time of 2001-09-09 01:46:40 UTC

TEST_F(LocalTime, HasMillisecondsAndOffset) {
    live_in("UTC0");
    EXPECT_EQ(iso_time(kBillion + 0.75), "2001-09-09T01:46:40.750+00:00");
    live_in("NPT-5:45");
    EXPECT_EQ(iso_time(kBillion), "2001-09-09T07:31:40.000+05:45");
    live_in("NST3:30");
    EXPECT_EQ(iso_time(kBillion + 0.0625), "2001-09-08T22:16:40.062-03:30");
}

TEST_F(LocalTime, FollowsAFormat) {
    live_in("NPT-5:45");
    EXPECT_EQ(format_time(kBillion + 0.75, "%d.%m.%Y at %H:%M"), "09.09.2001 at 07:31");
}

}  // namespace
}  // namespace lockstep
