#include <algorithm>
#include <filesystem>
#include <fstream>
#include <thread>

#include <lockstep/core/error.h>
#include <lockstep/log/merge.h>

#include "log_fixture.h"
#include "scratch_directory.h"

namespace lockstep::log {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class LogFile : public LogTest {
protected:
    Options options() const { return {.files = true, .directory = (directory_ / "logs").string()}; }

    std::vector<std::string> lines(const std::string& name) const {
        std::ifstream file(directory_ / "logs" / name);
        return lines_of(std::string(std::istreambuf_iterator<char>(file), {}));
    }

    std::vector<std::string> names() const {
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator(directory_ / "logs"))
            names.push_back(entry.path().filename());
        std::ranges::sort(names);
        return names;
    }

private:
    ScratchDirectory scratch_;

protected:
    const fs::path& directory_ = scratch_.path();
};

TEST_F(LogFile, HoldsWhatTheConsoleOfThisRankDoesNotShow) {
    configure(options(), rank_2());
    EXPECT_THAT(console_of([] { info("news"); }), IsEmpty());
    EXPECT_THAT(names(), ElementsAre("rank-0002.log"));
    EXPECT_THAT(lines("rank-0002.log"), ElementsAre(HasSubstr("info    main [rank 2/8 node07] news")));
}

TEST_F(LogFile, GoesOnWhereAnEarlierRunStopped) {
    for (int run = 0; run < 2; ++run) {
        configure(options(), {});
        console_of([] { info("start"); });
    }
    EXPECT_THAT(lines("rank-0000.log"), SizeIs(2));
}

TEST_F(LogFile, FollowsTheRank) {
    configure(options(), {});
    set_identity(rank_2());
    console_of([] { info("news"); });
    EXPECT_THAT(lines("rank-0000.log"), IsEmpty());
    EXPECT_THAT(lines("rank-0002.log"), SizeIs(1));
}

TEST_F(LogFile, RotationKeepsAsManyOldFilesAsAsked) {
    Options rotating = options();
    rotating.rotate = Rotation{.size = 1000, .keep = 2};
    configure(rotating, {});
    console_of([] {
        for (int i = 0; i < 100; ++i) info("line {} with enough words to fill a small file soon", i);
    });
    EXPECT_THAT(names(), ElementsAre("rank-0000.1.log", "rank-0000.2.log", "rank-0000.log"));
    for (const std::string& name : names())
        EXPECT_LE(fs::file_size(directory_ / "logs" / name), 1000U) << name;
    EXPECT_THAT(lines("rank-0000.log").back(), HasSubstr("line 99"));
}

TEST_F(LogFile, MergingHoldsNothingBackFromIt) {
    configure(options(), rank_2());
    console_of([this] {
        MergeScope scope;
        warning("careful");
        EXPECT_THAT(lines("rank-0002.log"), SizeIs(1));
        scope.take();
    });
    EXPECT_THAT(lines("rank-0002.log"), SizeIs(1));
}

TEST_F(LogFile, IsClosedByShutdownAndTheConsoleStays) {
    configure(options(), {});
    shutdown();
    EXPECT_THAT(lines_of(console_of([] { info("after"); })), SizeIs(1));
    EXPECT_THAT(lines("rank-0000.log"), IsEmpty());
}

TEST_F(LogFile, ThatCannotBeOpenedIsAnErrorWithItsPath) {
    fs::create_directories(directory_);
    std::ofstream(directory_ / "logs") << "a file where the directory should be";
    try {
        configure(options(), {});
        FAIL() << "expected IoError";
    } catch (const IoError& error) {
        EXPECT_THAT(error.what(), HasSubstr((directory_ / "logs" / "rank-0000.log").string()));
    }
}

TEST_F(LogFile, OnAFullDiskIsGivenUpWithOneWarning) {
    fs::create_directories(directory_ / "logs");
    fs::create_symlink("/dev/full", directory_ / "logs" / "rank-0002.log");
    const auto output = lines_of(console_of([this] {
        configure(options(), rank_2());
        for (int i = 0; i < 3; ++i) info("line {}", i);
    }));
    EXPECT_THAT(output, ElementsAre(HasSubstr("no more lines go to the log file of this rank")));
}

TEST_F(LogFile, GetsWholeLinesFromManyThreads) {
    configure(options(), rank_2());
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([thread] {
            for (int i = 0; i < 50; ++i) info("thread {} line {} end", thread, i);
        });
    }
    threads.clear();
    flush();
    const auto written = lines("rank-0002.log");
    EXPECT_THAT(written, SizeIs(200));
    EXPECT_THAT(written, testing::Each(testing::EndsWith(" end")));
}

}  // namespace
}  // namespace lockstep::log
