#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <lockstep/core/error.h>
#include <lockstep/core/stopwatch.h>
#include <lockstep/io/append_file.h>

#include "scratch.h"

using lockstep::IoError;
using lockstep::Stopwatch;
using lockstep::io::AppendFile;
using testing::HasSubstr;
using namespace std::chrono_literals;

namespace {

/// 128 bytes of two lines: an append never crosses a page.
std::string block(int number) {
    return fmt::format("first {:57}\nlast {:58}\n", number, number);
}

/// How many blocks the text has; fails the test unless it is block 0, block 1, ... and nothing else.
int whole_blocks(const std::string& text) {
    int count = 0;
    std::string expected;
    while (expected.size() < text.size()) expected += block(count++);
    EXPECT_EQ(expected.size(), text.size()) << "an append is cut";
    EXPECT_TRUE(expected == text);
    return count;
}

void wait_for_bytes(const std::string& path) {
    const Stopwatch timer;
    while (read_bytes(path).empty() && timer.seconds() < 60) std::this_thread::sleep_for(1ms);
}

}  // namespace

TEST(AppendFile, HoldsWhatWasAppendedInOrder) {
    const ScratchDirectory scratch;
    const std::string path = scratch / "log.csv";
    AppendFile file(path, {});
    EXPECT_TRUE(std::filesystem::exists(path));
    file.append("a,b\n");
    file.append("");
    file.append("1,2\n");
    EXPECT_EQ(file.size(), 8U);
    EXPECT_TRUE(file.flush());
    EXPECT_EQ(read_bytes(path), "a,b\n1,2\n");
    file.append(std::string(100000, 'x'));
    file.append("end");
    file.close();
    file.close();
    EXPECT_EQ(read_bytes(path), "a,b\n1,2\n" + std::string(100000, 'x') + "end");
    EXPECT_EQ(file.size(), 100011U);
}

TEST(AppendFile, DestructorWritesToo) {
    const ScratchDirectory scratch;
    { AppendFile(scratch / "log.csv", {}).append("1\n"); }
    EXPECT_EQ(read_bytes(scratch / "log.csv"), "1\n");
}

TEST(AppendFile, WritesByItself) {
    const ScratchDirectory scratch;
    AppendFile file(scratch / "log.csv", {.flush_interval = 5ms});
    file.append("1\n");
    wait_for_bytes(file.path());
    EXPECT_EQ(read_bytes(file.path()), "1\n");
}

TEST(AppendFile, WritesSoonWhenAsked) {
    const ScratchDirectory scratch;
    AppendFile file(scratch / "log.csv", {.flush_interval = 1h});
    file.append("1\n");
    file.flush_soon();
    wait_for_bytes(file.path());
    EXPECT_EQ(read_bytes(file.path()), "1\n");
}

TEST(AppendFile, OwnerFillsItBeforeItIsWritten) {
    const ScratchDirectory scratch;
    int fills = 0;
    AppendFile file(scratch / "log.csv", {.flush_interval = 1h, .fill = [&](AppendFile& into) {
                                              into.append(fmt::format("{}\n", fills++));
                                          }});
    file.append("a\n");
    file.flush_soon();
    wait_for_bytes(file.path());
    EXPECT_EQ(read_bytes(file.path()), "a\n0\n");
    file.append("b\n");
    file.close();
    EXPECT_EQ(read_bytes(file.path()), "a\n0\nb\n1\n");
}

TEST(AppendFile, KeepsTheBeginningOfAnOlderFile) {
    const ScratchDirectory scratch;
    const std::string path = scratch / "log.csv";
    const auto append = [&](std::uint64_t keep) {
        write_bytes(path, "0123456789");
        AppendFile file(path, {.keep = keep});
        const std::uint64_t kept = file.size();
        file.append("new");
        file.close();
        EXPECT_EQ(file.size(), kept + 3);
        return read_bytes(path);
    };
    EXPECT_EQ(append(0), "new");
    EXPECT_EQ(append(4), "0123new");
    EXPECT_EQ(append(10), "0123456789new");
    EXPECT_EQ(append(1000), "0123456789new");
    EXPECT_EQ(append(AppendFile::kAll), "0123456789new");
}

TEST(AppendFile, SaysWhereItCannotWrite) {
    const ScratchDirectory scratch;
    EXPECT_THAT(error_of<IoError>([&] { AppendFile(scratch / "none/log.csv", {}); }),
                HasSubstr("none/log.csv: cannot open: No such file"));
    EXPECT_THROW(AppendFile(scratch.string(), {}), IoError);
    EXPECT_THAT(error_of<IoError>([&] { AppendFile("/dev/full", {}); }), HasSubstr("expected a file"));
}

TEST(AppendFile, ReadersSeeWholeAppends) {
    const ScratchDirectory scratch;
    const std::string path = scratch / "log.txt";
    AppendFile file(path, {.flush_interval = 1ms});
    std::atomic<bool> done = false;
    std::thread writer([&] {
        for (int number = 0; number < 20000; ++number) {
            file.append(block(number));
            if (number % 700 == 0) std::this_thread::sleep_for(1ms);
        }
        file.close();
        done = true;
    });
    int reads = 0;
    while (!done && !testing::Test::HasFailure()) {
        whole_blocks(read_bytes(path));
        ++reads;
    }
    writer.join();
    EXPECT_GT(reads, 0);
    EXPECT_EQ(whole_blocks(read_bytes(path)), 20000);
}

TEST(AppendFile, ThreadsMayAppend) {
    const ScratchDirectory scratch;
    AppendFile file(scratch / "log.txt", {.flush_interval = 1ms});
    const auto write = [&](char letter) {
        for (int i = 0; i < 5000; ++i) file.append(std::string(15, letter) + "\n");
    };
    std::thread other(write, 'a');
    write('b');
    other.join();
    file.close();
    std::ifstream stream(file.path());
    int lines = 0;
    for (std::string line; std::getline(stream, line); ++lines)
        ASSERT_TRUE(line == std::string(15, 'a') || line == std::string(15, 'b')) << line;
    EXPECT_EQ(lines, 10000);
}

TEST(AppendFile, RewriteReplacesAllAtOnce) {
    const ScratchDirectory scratch;
    const std::string path = scratch / "log.csv";
    AppendFile file(path, {.flush_interval = 1h});
    file.append("a\n1\n");
    file.flush();
    file.append("buffered\n");
    const std::ifstream reader(path);  // keeps what it opened
    file.rewrite("a,b\n1,NA\n");
    EXPECT_EQ(file.size(), 9U);
    EXPECT_EQ(read_bytes(path), "a,b\n1,NA\n");
    std::string before;
    std::getline(std::istream(reader.rdbuf()), before);
    EXPECT_EQ(before, "a");
    file.append("2,3\n");
    file.close();
    EXPECT_EQ(read_bytes(path), "a,b\n1,NA\n2,3\n");
    EXPECT_EQ(scratch.files(), 1U) << "nothing temporary stays";
}

TEST(AppendFile, GoesOnAtTheEndOfAFileThatSomebodyTouched) {
    const ScratchDirectory scratch;
    const std::string path = scratch / "log.csv";
    AppendFile file(path, {.flush_interval = 1h});
    file.append("0123456789");
    file.flush();
    std::filesystem::resize_file(path, 3);
    file.append("a");
    EXPECT_TRUE(file.flush());
    EXPECT_EQ(read_bytes(path), "012a");
    EXPECT_EQ(file.size(), 4U);
    std::ofstream(path, std::ios::app) << "xx";
    file.append("b");
    EXPECT_TRUE(file.flush());
    EXPECT_EQ(read_bytes(path), "012axxb");
    std::filesystem::remove(path);
    file.append("c");
    EXPECT_TRUE(file.flush());
    EXPECT_EQ(read_bytes(path), "c");
    EXPECT_EQ(file.size(), 1U);
}

TEST(AppendFile, AKillLeavesWholeAppends) {
    int seen = 0;
    for (int round = 0; round < 20; ++round) {
        const ScratchDirectory scratch;
        const std::string path = scratch / "log.txt";
        const pid_t child = fork();
        if (child == 0) {
            AppendFile file(path, {.flush_interval = 1ms});
            for (int number = 0;; ++number) {
                file.append(block(number));
                if (number % 50 == 0) std::this_thread::sleep_for(1ms);
            }
        }
        ASSERT_GT(child, 0);
        wait_for_bytes(path);
        std::this_thread::sleep_for(round * 1ms);
        ::kill(child, SIGKILL);
        waitpid(child, nullptr, 0);
        seen += whole_blocks(read_bytes(path));
    }
    EXPECT_GT(seen, 20) << "the writers were killed before they wrote anything";
}
