// Files that cannot be written.
#include <csignal>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <lockstep/core/error.h>
#include <lockstep/io/append_file.h>

#include "scratch.h"

using lockstep::IoError;
using lockstep::io::AppendFile;
using testing::HasSubstr;
using namespace std::chrono_literals;

namespace {

/// No file of this process may grow beyond so many bytes: a disk that is full there.
class FullDisk {
public:
    explicit FullDisk(rlim_t bytes) {
        getrlimit(RLIMIT_FSIZE, &before_);
        rlimit limit = before_;
        limit.rlim_cur = bytes;
        setrlimit(RLIMIT_FSIZE, &limit);
        std::signal(SIGXFSZ, SIG_IGN);
    }
    ~FullDisk() { setrlimit(RLIMIT_FSIZE, &before_); }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

private:
    rlimit before_{};
};

/// 128 bytes.
std::string line(int number) {
    return fmt::format("{:127}\n", number);
}

std::string lines(int count) {
    std::string text;
    for (int number = 0; number < count; ++number) text += line(number);
    return text;
}

}  // namespace

TEST(AppendFileDisk, BytesWaitUntilAFullDiskHasRoomAgain) {
    const ScratchDirectory scratch;
    const std::string path = scratch / "log.txt";
    AppendFile file(path, {.flush_interval = 1h});
    const int count = 100;
    {
        const FullDisk disk(5000);  // room for 39 lines and a part of the next
        for (int number = 0; number < count; ++number) file.append(line(number));
        EXPECT_FALSE(file.flush());
        EXPECT_EQ(read_bytes(path), lines(32)) << "the page that there was room for";
        EXPECT_FALSE(file.flush());
        EXPECT_EQ(file.size(), 128U * count);
    }
    EXPECT_TRUE(file.flush());
    EXPECT_EQ(read_bytes(path), lines(count));
    EXPECT_EQ(file.size(), 128U * count);
}

// What crosses a page becomes visible in two steps: it should not drag others along.
TEST(AppendFileDisk, WritesPageByPage) {
    const ScratchDirectory scratch;
    AppendFile file(scratch / "log.txt", {.flush_interval = 1h});
    const FullDisk disk(5000);
    for (int i = 0; i < 100; ++i) file.append(std::string(99, 'x') + "\n");
    EXPECT_FALSE(file.flush());
    EXPECT_EQ(read_bytes(file.path()).size(), 4100U) << "the 41st append crosses the page at 4096";
}

TEST(AppendFileDisk, WarnsOnceOfAFullDiskAndNamesWhatIsLost) {
    const ScratchDirectory scratch;
    const std::string all(1 << 20, 'x');
    testing::internal::CaptureStderr();  // a file too, but a small one
    {
        AppendFile file(scratch / "log.txt", {.flush_interval = 1h, .warn_after = 0ms});
        file.append(all);
        file.flush();
        const FullDisk disk(all.size());
        file.append("gone\n");
        for (int i = 0; i < 3; ++i) EXPECT_FALSE(file.flush());
        EXPECT_THAT(error_of<IoError>([&] { file.close(); }),
                    HasSubstr("its last 5 bytes are lost: cannot write: File too large"));
    }
    EXPECT_TRUE(read_bytes(scratch / "log.txt") == all);
    const std::string output = testing::internal::GetCapturedStderr();
    const auto first = output.find("log.txt: 5 bytes wait in memory for 0 s: cannot write: File too large");
    EXPECT_NE(first, std::string::npos) << output;
    EXPECT_EQ(output.find("bytes wait", first + 20), std::string::npos) << output;
}

TEST(AppendFileDisk, RewriteThatFailsChangesNothing) {
    const ScratchDirectory scratch;
    const std::string path = scratch / "log.csv";
    AppendFile file(path, {.flush_interval = 1h});
    file.append("a\n1\n");
    file.flush();
    file.append("2\n");
    {
        const FullDisk disk(8);
        EXPECT_THROW(file.rewrite("much too long"), IoError);
    }
    EXPECT_EQ(read_bytes(path), "a\n1\n");
    EXPECT_EQ(scratch.files(), 1U);
    file.close();
    EXPECT_EQ(read_bytes(path), "a\n1\n2\n");
}

TEST(AppendFileDisk, RewriteReplacesWhatWaits) {
    const ScratchDirectory scratch;
    AppendFile file(scratch / "log.csv", {.flush_interval = 1h});
    {
        const FullDisk disk(0);
        file.append("waits\n");
        EXPECT_FALSE(file.flush());
    }
    file.rewrite("a\n");
    file.append("b\n");
    file.close();
    EXPECT_EQ(read_bytes(scratch / "log.csv"), "a\nb\n");
}
