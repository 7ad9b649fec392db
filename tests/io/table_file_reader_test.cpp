// Two notebooks poll the file while a job writes it.
#include <cstdlib>
#include <filesystem>
#include <thread>

#include <gtest/gtest.h>

#include <lockstep/core/stopwatch.h>

#include "child.h"
#include "hdf5_file.h"
#include "scratch.h"

namespace {

constexpr const char* kPython = "/usr/bin/python3";

}  // namespace

TEST(TableFileReaders, TwoPollingReadersSucceedAndTheWriterLosesNothing) {
    if (std::system((std::string(kPython) + " -c 'import h5py, pandas' 2> /dev/null").c_str()) != 0)
        GTEST_SKIP() << "NOT TESTED: " << kPython << " lacks h5py or pandas";
    const ScratchDirectory scratch;
    const std::string path = scratch / "run.h5";
    Child writer({TABLE_WRITER, path, "2000", "1", "1000", "12"});
    const lockstep::Stopwatch timer;
    while (!std::filesystem::exists(path) && timer.seconds() < 10) std::this_thread::yield();
    Child first({kPython, POLL_READER, path, "60", "0.1"});
    Child second({kPython, POLL_READER, path, "60", "0.1"});
    EXPECT_EQ(first.wait(), 0) << "fewer than 95 % of the reads succeeded, or columns were unequal";
    EXPECT_EQ(second.wait(), 0) << "fewer than 95 % of the reads succeeded, or columns were unequal";
    EXPECT_EQ(writer.wait(), 0);
    EXPECT_GT(Hdf5File::open(path).integers("/train_batches/step").size(), 1000U);
}
