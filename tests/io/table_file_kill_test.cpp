// kill -9 at any moment leaves a file that plain readers open, with equal columns and true values.
#include <chrono>
#include <random>
#include <thread>

#include <gtest/gtest.h>

#include <lockstep/core/stopwatch.h>
#include <lockstep/io/inspect.h>
#include <lockstep/io/table_file.h>

#include "child.h"
#include "hdf5_file.h"
#include "scratch.h"

using lockstep::io::TableFile;

namespace {

constexpr int kKills = 20;

/// Reads like anybody would, and checks each row against its own step.
std::size_t check_rows(const std::string& path) {
    const auto file = Hdf5File::open(path);
    EXPECT_GE(file.id(), 0) << "a plain reader cannot open the file";
    if (file.id() < 0 || H5Lexists(file.id(), "/train_batches", H5P_DEFAULT) <= 0) return 0;
    const auto steps = file.integers("/train_batches/step");
    const auto twice = file.integers("/train_batches/twice");
    const auto half = file.reals("/train_batches/half");
    const auto names = file.texts("/train_batches/name");
    const std::size_t rows = std::min({steps.size(), twice.size(), half.size(), names.size()});
    for (std::size_t i = 0; i < rows; ++i) {
        const auto step = static_cast<long long>(i);
        const bool right = steps[i] == step && twice[i] == 2 * step &&
                           half[i] == 0.5 * static_cast<double>(step) && names[i] == std::to_string(step);
        EXPECT_TRUE(right) << "row " << i << " of " << rows;
        if (!right) break;
    }
    return rows;
}

}  // namespace

TEST(TableFileKill, LeavesReadableFilesThatAnAppendContinues) {
    std::mt19937 random(1);
    std::size_t rows_seen = 0;
    for (int round = 0; round < kKills; ++round) {
        SCOPED_TRACE(round);
        const ScratchDirectory scratch;
        const std::string path = scratch / "run.h5";
        // 200 rows each 5 ms: nearly every flush starts new chunks in all columns.
        Child writer({TABLE_WRITER, path, "5", "200", "5000", "60"});
        const lockstep::Stopwatch timer;
        while (!std::filesystem::exists(path) && timer.seconds() < 10) std::this_thread::yield();
        std::this_thread::sleep_for(
            std::chrono::microseconds(std::uniform_int_distribution(0, 300000)(random)));
        writer.kill();

        rows_seen += check_rows(path);
        TableFile file(path, {.append = true});
        const std::uint64_t kept = file.rows("/train_batches");
        const auto step = static_cast<std::int64_t>(kept);
        file.append("/train_batches", {{"step", step},
                                       {"twice", 2 * step},
                                       {"half", 0.5 * static_cast<double>(kept)},
                                       {"name", std::to_string(step)}});
        file.close();
        EXPECT_EQ(check_rows(path), kept + 1);
        EXPECT_TRUE(lockstep::io::verify_file(path).empty());
    }
    EXPECT_GT(rows_seen, 200U) << "the writers were killed before they wrote anything";
}
