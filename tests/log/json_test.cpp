#include <nlohmann/json.hpp>

#include "log_fixture.h"

namespace lockstep::log {
namespace {

using Json = nlohmann::json;

class JsonLines : public LogTest {
protected:
    static Json only_line_of(const std::function<void()>& speak) {
        const auto lines = lines_of(console_of(speak));
        EXPECT_EQ(lines.size(), 1U);
        return Json::parse(lines.at(0));
    }
};

TEST_F(JsonLines, SayEverythingAboutALine) {
    configure({.format = Format::json}, rank_2());
    set_progress(3, 120);
    Json line = only_line_of([] { write(Level::warning, "comm", "slow link"); });
    EXPECT_EQ(line.at("time").get<std::string>().size(), 29U);  // 2026-03-01T09:30:00.125+01:00
    line.erase("time");
    EXPECT_EQ(line,
              Json::parse(R"({"level": "warning", "module": "comm", "rank": 2, "size": 8, "host": "node07",
        "run_id": "run-1", "slurm_job_id": "4711", "epoch": 3, "step": 120, "text": "slow link"})"));
}

TEST_F(JsonLines, WhatIsNotKnownIsNull) {
    configure({.format = Format::json}, {0, 1, 0, 0, "host", "", ""});
    const Json line = only_line_of([] { info("start"); });
    for (const char* key : {"run_id", "slurm_job_id", "epoch", "step"})
        EXPECT_TRUE(line.at(key).is_null()) << key;
}

TEST_F(JsonLines, TextComesBackAsItWas) {
    configure({.format = Format::json}, {});
    const std::string text = "quote \" backslash \\ newline \n tab \t bell \a grüße";
    EXPECT_EQ(only_line_of([&] { info("{}", text); }).at("text"), text);
}

TEST_F(JsonLines, InvalidUtf8IsReplaced) {
    configure({.format = Format::json}, {});
    EXPECT_EQ(only_line_of([] {
                  info(
                      "a\xff"
                      "b");
              }).at("text"),
              "a\uFFFDb");
}

}  // namespace
}  // namespace lockstep::log
