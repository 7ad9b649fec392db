#pragma once

#include <functional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/log/log.h>
#include <lockstep/log/setup.h>

namespace lockstep::log {

/// What `speak` writes to standard error.
inline std::string console_of(const std::function<void()>& speak) {
    testing::internal::CaptureStderr();
    speak();
    flush();
    return testing::internal::GetCapturedStderr();
}

inline std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

/// Rank 2 of 8, the third rank of node07.
inline Identity rank_2() {
    return {2, 8, 0, 2, "node07", "run-1", "4711"};
}

/// Each test configures the log of the process; this puts the defaults back.
class LogTest : public testing::Test {
protected:
    LogTest() { reset(); }
    ~LogTest() override { reset(); }
    LogTest(const LogTest&) = delete;
    LogTest& operator=(const LogTest&) = delete;

private:
    static void reset() {
        set_progress(-1, -1);
        configure({}, {0, 1, 0, 0, "host", "", ""});
    }
};

}  // namespace lockstep::log
