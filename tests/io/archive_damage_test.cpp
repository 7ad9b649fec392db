// Bits that flip, files that end early, disks that are full.
#include <cstdint>
#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/io/archive.h>
#include <lockstep/io/inspect.h>

#include "scratch.h"
#include "small_disk.h"

using lockstep::DataError;
using lockstep::IoError;
using lockstep::Shape;
using lockstep::io::ArchiveReader;
using lockstep::io::ArchiveWriter;
using testing::AllOf;
using testing::HasSubstr;

namespace {

constexpr const char* kSchema = "lockstep.checkpoint/1";
constexpr float kMarker = 1234.5625F;  // its bytes occur nowhere else in the file

void write_archive(const std::string& path, std::size_t values) {
    ArchiveWriter writer(path, kSchema);
    writer.array("/weights/first", std::vector<float>(values, 0.0F), Shape{values});
    writer.array("/weights/second", std::vector<float>(8, kMarker), Shape{8});
    writer.commit();
}

}  // namespace

TEST(ArchiveDamage, AFlippedBitIsFoundAndTheArrayNamed) {
    const ScratchDirectory scratch;
    const std::string path = scratch / "last.h5";
    write_archive(path, 100);
    std::string bytes = read_bytes(path);
    std::string marker(sizeof kMarker, '\0');
    std::memcpy(marker.data(), &kMarker, sizeof kMarker);
    const std::size_t place = bytes.find(marker);
    ASSERT_NE(place, std::string::npos);
    bytes[place + 5] = static_cast<char>(bytes[place + 5] ^ 4);
    write_bytes(path, bytes);

    const auto found = AllOf(HasSubstr("/weights/second"), HasSubstr("Fletcher32"));
    const ArchiveReader reader(path, kSchema);
    EXPECT_THAT(error_of<DataError>([&] { reader.verify(); }), found);
    std::vector<float> out(8);
    EXPECT_THAT(error_of<DataError>([&] { reader.array("/weights/second", out); }), found);
    const auto problems = lockstep::io::verify_file(path);
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_THAT(problems[0], found);
}

// Metadata of the latest format has checksums: no byte of it can change unnoticed and none can crash the
// reader.
TEST(ArchiveDamage, NoFlippedByteOfTheHeadersGoesUnnoticed) {
    const ScratchDirectory scratch;
    const std::string path = scratch / "last.h5";
    write_archive(path, 8);
    const std::string whole = read_bytes(path);
    int unnoticed = 0;
    for (std::size_t place = 0; place < 400; ++place) {
        std::string bytes = whole;
        bytes[place] = static_cast<char>(bytes[place] ^ 0x10);
        write_bytes(path, bytes);
        try {
            const ArchiveReader reader(path, kSchema);
            reader.verify();
            std::vector<float> out(8);
            reader.array("/weights/second", out);
            if (out != std::vector<float>(8, kMarker)) ++unnoticed;
        } catch (const lockstep::Error&) {
        }
    }
    EXPECT_EQ(unnoticed, 0);
}

TEST(ArchiveDamage, EveryTruncationIsRefused) {
    const ScratchDirectory scratch;
    const std::string path = scratch / "last.h5";
    write_archive(path, 100);
    const std::string whole = read_bytes(path);
    for (std::size_t length = 0; length < whole.size(); length += 37) {
        write_bytes(path, whole.substr(0, length));
        EXPECT_THROW(ArchiveReader(path, kSchema), IoError) << length;
    }
}

TEST(ArchiveDamage, AFullDiskKeepsTheOldFileAndLeavesNoOther) {
    const ScratchDirectory scratch;
    const SmallDisk disk(scratch / "disk");
    if (!disk.mounted()) GTEST_SKIP() << "NOT TESTED: a full disk needs the right to mount a tmpfs (root)";
    const std::string path = disk / "last.h5";
    write_archive(path, 1000);
    const std::string before = read_bytes(path);

    const std::string message = error_of<IoError>([&] { write_archive(path, 2000000); });
    EXPECT_THAT(message, AllOf(HasSubstr(path), HasSubstr("No space left on device")));

    EXPECT_EQ(read_bytes(path), before);
    const std::filesystem::directory_iterator files(disk / "");
    EXPECT_EQ(std::distance(begin(files), end(files)), 1) << "the temporary file must be gone";
    EXPECT_GT(std::filesystem::space(disk / "").available, 1900000U)
        << "and its blocks free, although HDF5 still has it open";
    write_archive(path, 1001);  // the next one fits again
    ArchiveReader(path, kSchema).verify();
}
