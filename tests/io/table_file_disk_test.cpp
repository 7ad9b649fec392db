// File systems that are full or have no locks.
#include <cstdio>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/io/table_file.h>

#include "hdf5_file.h"
#include "scratch.h"
#include "small_disk.h"

using lockstep::io::TableFile;
using testing::HasSubstr;

namespace {

std::string output_of(const std::string& command) {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    std::string output;
    for (int c = std::fgetc(pipe.get()); c != EOF; c = std::fgetc(pipe.get())) output += static_cast<char>(c);
    return output;
}

}  // namespace

TEST(TableFileDisk, RowsWaitUntilAFullDiskHasRoomAgain) {
    const ScratchDirectory scratch;
    const SmallDisk disk(scratch / "disk");
    if (!disk.mounted()) GTEST_SKIP() << "NOT TESTED: a full disk needs the right to mount a tmpfs (root)";
    const std::string path = disk / "run.h5";
    TableFile file(path, {});
    file.append("/t", {{"step", 0}});
    ASSERT_TRUE(file.flush());
    write_bytes(disk / "filler", std::string(3 << 20, 'x'));
    for (int i = 1; i < 1000; ++i) file.append("/t", {{"step", i}});
    EXPECT_FALSE(file.flush());
    EXPECT_FALSE(file.flush());
    EXPECT_EQ(Hdf5File::open(path).integers("/t/step").size(), 1U);

    std::filesystem::remove(disk / "filler");
    file.append("/t", {{"step", 1000}});
    EXPECT_TRUE(file.flush());
    file.close();
    const auto steps = Hdf5File::open(path).integers("/t/step");
    ASSERT_EQ(steps.size(), 1001U);
    for (std::size_t i = 0; i < steps.size(); ++i) EXPECT_EQ(steps[i], static_cast<long long>(i));
}

TEST(TableFileDisk, AFileThatHasNoRoomForACopyIsChangedInPlace) {
    const ScratchDirectory scratch;
    const SmallDisk disk(scratch / "disk", 4);
    if (!disk.mounted()) GTEST_SKIP() << "NOT TESTED: a full disk needs the right to mount a tmpfs (root)";
    const std::string path = disk / "run.h5";
    TableFile file(path, {});
    for (int i = 0; i < 2; ++i) {
        file.append("/t", {{"wide", std::vector(100'000, 1.5)}});
        ASSERT_TRUE(file.flush());
    }
    write_bytes(disk / "filler", std::string(1'200'000, 'x'));
    ASSERT_LT(std::filesystem::space(disk / "").available, std::filesystem::file_size(path));
    file.append("/new", {{"step", 1}});
    EXPECT_TRUE(file.flush());
    file.close();
    EXPECT_EQ(Hdf5File::open(path).integers("/new/step"), std::vector<long long>{1});
    EXPECT_EQ(Hdf5File::open(path).reals("/t/wide"), std::vector(200'000, 1.5));
}

TEST(TableFileDisk, AFileSystemWithoutLocksIsNamedTogetherWithTheWayOut) {
    const ScratchDirectory scratch;
    Hdf5File::create(scratch / "old.h5")
        .write("/x", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, {1}, std::vector{1.0F}.data());
    const std::string both = "'" NO_LOCKS "' '" + (scratch / "run.h5") + "' '" + (scratch / "old.h5") + "'";
    const std::string refused = output_of("env -u HDF5_USE_FILE_LOCKING " + both);
    EXPECT_THAT(refused, HasSubstr("run.h5"));
    EXPECT_THAT(refused, HasSubstr("old.h5: this file system has no file locks: No locks available"));
    EXPECT_THAT(refused, HasSubstr("HDF5_USE_FILE_LOCKING=FALSE"));
    EXPECT_EQ(output_of("HDF5_USE_FILE_LOCKING=FALSE " + both), "") << "the advice must help";
}
