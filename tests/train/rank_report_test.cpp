#include "rank_report.h"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>

#include <lockstep/core/error.h>

namespace lockstep {
namespace {

TEST(RankReport, TravelsAsTextToTheBit) {
    RankReport report{
        .timing = {.compute = 0.1, .exchange = 1e-300, .input = 3, .callbacks = 0, .wait = 1.0 / 3}};
    report.records["a name with spaces"] = {.merge = Merge::minimum, .value = -0.7, .weight = 2};
    const RankReport back = RankReport::from_text(report.to_text());
    EXPECT_EQ(back.timing.compute, 0.1);
    EXPECT_EQ(back.timing.exchange, 1e-300);
    EXPECT_EQ(back.timing.wait, 1.0 / 3);
    ASSERT_TRUE(back.records.contains("a name with spaces"));
    EXPECT_EQ(back.records.at("a name with spaces").value, -0.7);
}

TEST(RankReport, MergesRecordsOverRanks) {
    std::vector<RankReport> ranks(2);
    ranks[0].records["mean"] = {.merge = Merge::mean, .value = 2 * 1.0, .weight = 1.0};
    ranks[1].records["mean"] = {.merge = Merge::mean, .value = 5 * 3.0, .weight = 3.0};
    ranks[0].records["low"] = {.merge = Merge::minimum, .value = 4, .weight = 1};
    ranks[1].records["low"] = {.merge = Merge::minimum, .value = -4, .weight = 1};
    ranks[1].records["sum"] = {.merge = Merge::sum, .value = 9, .weight = 1};
    Logs logs;
    merge_records(ranks, logs);
    EXPECT_DOUBLE_EQ(logs.at("mean"), 17.0 / 4);
    EXPECT_EQ(logs.at("low"), -4);
    EXPECT_EQ(logs.at("sum"), 9);
}

TEST(RankReport, RefusesOneNameMergedInTwoWays) {
    std::vector<RankReport> ranks(2);
    ranks[0].records["x"] = {.merge = Merge::mean, .value = 1, .weight = 1};
    ranks[1].records["x"] = {.merge = Merge::sum, .value = 1, .weight = 1};
    Logs logs;
    EXPECT_THROW(merge_records(ranks, logs), Error);
}

TEST(LogsText, KeepsNanAndInfinity) {
    Logs logs;
    logs.set("loss", std::numeric_limits<double>::quiet_NaN());
    logs.set("up", std::numeric_limits<double>::infinity());
    const Logs back = logs_from_text(to_text(logs));
    EXPECT_TRUE(std::isnan(back.at("loss")));
    EXPECT_EQ(back.at("up"), std::numeric_limits<double>::infinity());
    EXPECT_TRUE(logs_from_text("").empty());
}

}  // namespace
}  // namespace lockstep
