#include "machine.h"

#include <gtest/gtest.h>

namespace lockstep {
namespace {

TEST(Machine, ReadsTheQuotaOfACgroup) {
    EXPECT_EQ(parse_cpu_quota("150000 100000"), 1.5);
    EXPECT_EQ(parse_cpu_quota("max 100000"), std::nullopt);
    EXPECT_EQ(parse_cpu_quota(""), std::nullopt);
    EXPECT_EQ(parse_cpu_quota("100000 0"), std::nullopt);
}

TEST(Machine, TheQuotaLimitsWhatAffinityAllows) {
    Machine machine;
    machine.allowed_cores = 8;
    EXPECT_EQ(machine.usable_cores(), 8.0);
    machine.quota = 2.5;
    EXPECT_EQ(machine.usable_cores(), 2.5);
    machine.quota = 16.0;
    EXPECT_EQ(machine.usable_cores(), 8.0);
}

TEST(Machine, ThisOneHasCores) {
    const Machine machine = this_machine();
    EXPECT_GE(machine.allowed_cores, 1);
    EXPECT_LE(machine.allowed_cores, machine.online_cores);
    EXPECT_FALSE(machine.host.empty());
}

}  // namespace
}  // namespace lockstep
