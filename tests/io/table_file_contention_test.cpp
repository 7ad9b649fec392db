// Readers that hold the file only delay rows.
#include <chrono>
#include <optional>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/core/stopwatch.h>
#include <lockstep/io/inspect.h>
#include <lockstep/io/table_file.h>

#include "hdf5_file.h"
#include "scratch.h"

using lockstep::io::TableFile;
using testing::ElementsAre;
using testing::HasSubstr;
using namespace std::chrono_literals;

namespace {

class TableFileContention : public testing::Test {
protected:
    const ScratchDirectory scratch;
    const std::string path = scratch / "run.h5";
    const std::string pending = scratch / "run.pending.h5";
};

lockstep::io::Row row(std::int64_t step) {
    return {{"step", step}, {"loss", 0.5}, {"name", std::to_string(step)}};
}

}  // namespace

TEST_F(TableFileContention, AReaderThatHoldsTheFileForSecondsCostsNoRow) {
    TableFile file(path, {.flush_interval = 20ms});
    std::optional<Holder> holder(path);
    std::thread reader([&] {
        std::this_thread::sleep_for(5s);
        holder.reset();
    });
    const lockstep::Stopwatch timer;
    std::int64_t step = 0;
    double slowest = 0;
    while (timer.seconds() < 5.5) {
        const lockstep::Stopwatch one;
        file.append("/train_batches", row(step++));
        slowest = std::max(slowest, one.seconds());
        std::this_thread::sleep_for(1ms);
    }
    reader.join();
    file.close();
    EXPECT_LT(slowest, 2.0) << "append waited for the file";
    const auto steps = Hdf5File::open(path).integers("/train_batches/step");
    ASSERT_EQ(steps.size(), static_cast<std::size_t>(step));
    for (std::size_t i = 0; i < steps.size(); ++i) ASSERT_EQ(steps[i], static_cast<long long>(i));
    EXPECT_FALSE(std::filesystem::exists(pending));
}

TEST_F(TableFileContention, FlushSaysWhetherTheRowsAreInTheFile) {
    TableFile file(path, {.flush_interval = 1h});
    file.append("/t", row(0));
    {
        const Holder holder(path);
        EXPECT_FALSE(file.flush());
    }
    EXPECT_TRUE(file.flush());
    EXPECT_EQ(Hdf5File::open(path).integers("/t/step").size(), 1U);
}

TEST_F(TableFileContention, WarnsOnceWhenRowsWaitLong) {
    testing::internal::CaptureStderr();
    testing::internal::CaptureStdout();
    {
        TableFile file(path, {.flush_interval = 10ms, .warn_after = 100ms});
        const Holder holder(path);
        file.append("/t", row(0));
        std::this_thread::sleep_for(600ms);
    }
    const std::string output =
        testing::internal::GetCapturedStdout() + testing::internal::GetCapturedStderr();
    const auto first = output.find("1 rows wait in memory");
    EXPECT_NE(first, std::string::npos) << output;
    EXPECT_EQ(output.find("rows wait in memory", first + 10), std::string::npos) << output;
}

TEST_F(TableFileContention, RowsThatFindNoWayInGoToAFileThatAResumeMerges) {
    {
        TableFile file(path, {.flush_interval = 20ms, .final_wait = 200ms});
        file.append("/t", row(0));
        ASSERT_TRUE(file.flush());
        const Holder holder(path);
        for (int i = 1; i < 100; ++i) file.append("/t", row(i));
        file.append("/late", {{"edges", std::vector{1.0, 2.0}}});
        file.attribute("status", "finished");
        const lockstep::Stopwatch timer;
        file.close();
        EXPECT_GT(timer.seconds(), 0.1);
        EXPECT_LT(timer.seconds(), 3.0);
    }
    EXPECT_EQ(Hdf5File::open(path).integers("/t/step").size(), 1U);
    EXPECT_EQ(Hdf5File::open(pending).integers("/t/step").size(), 99U);

    TableFile(path, {.append = true}).close();
    EXPECT_FALSE(std::filesystem::exists(pending));
    {
        const auto merged = Hdf5File::open(path);
        const auto steps = merged.integers("/t/step");
        ASSERT_EQ(steps.size(), 100U);
        for (std::size_t i = 0; i < 100; ++i) EXPECT_EQ(steps[i], static_cast<long long>(i));
        EXPECT_EQ(merged.texts("/t/name")[99], "99");
        EXPECT_THAT(merged.reals("/late/edges"), ElementsAre(1.0, 2.0));
    }
    EXPECT_THAT(lockstep::io::describe_file(path), HasSubstr("@status = \"finished\""));
}

TEST_F(TableFileContention, ANewFileForgetsThePendingRowsOfTheOldOne) {
    write_bytes(pending, "rows of yesterday");
    TableFile(path, {}).close();
    EXPECT_FALSE(std::filesystem::exists(pending));
}

TEST_F(TableFileContention, OpeningAHeldFileFailsAfterTheWait) {
    TableFile(path, {}).close();
    const Holder holder(path);
    EXPECT_THAT(error_of<lockstep::IoError>([&] { TableFile(path, {.final_wait = 100ms, .append = true}); }),
                HasSubstr("another process holds the file"));
}

TEST_F(TableFileContention, AFileThatVanishedDoesNotTakeItsRowsAlong) {
    TableFile file(path, {});
    std::filesystem::remove(path);
    file.append("/t", row(0));
    EXPECT_FALSE(file.flush());
    file.close();
    EXPECT_THAT(Hdf5File::open(pending).integers("/t/step"), ElementsAre(0));
}
