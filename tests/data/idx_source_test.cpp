#include <cstdlib>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <lockstep/core/error.h>
#include <lockstep/data/idx_source.h>

#include "counting_source.h"
#include "error_of.h"
#include "idx_bytes.h"
#include "scratch_test.h"

namespace lockstep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class IdxSourceTest : public ScratchTest {
protected:
    std::string write_gzip(const std::string& name, std::span<const std::byte> bytes) const {
        const gzFile file = gzopen(path(name).c_str(), "wb");
        gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
        gzclose(file);
        return path(name);
    }

    static std::string message(const IdxSource::Options& options) {
        return error_of<Error>([&] { IdxSource source(options); });
    }

    const std::vector<std::byte> images_ =
        idx_bytes(0x08, {3, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
    const std::vector<std::byte> labels_ = idx_bytes(0x08, {3}, {7, 0, 9});
};

TEST_F(IdxSourceTest, ReadsPlainAndCompressedFiles) {
    for (const bool compressed : {false, true}) {
        const IdxSource source({.inputs = compressed ? write_gzip("i.gz", images_) : write("i", images_),
                                .targets = compressed ? write_gzip("l.gz", labels_) : write("l", labels_),
                                .scale = 0.5F});
        EXPECT_EQ(source.size(), 3U);
        EXPECT_EQ(source.input_shape(), (Shape{2, 2, 1}));
        EXPECT_EQ(source.target_shape(), Shape{1});
        const Rows rows = read_rows(source, {2, 0});
        EXPECT_THAT(rows.inputs, ElementsAre(4.5F, 5.0F, 5.5F, 6.0F, 0.5F, 1.0F, 1.5F, 2.0F));
        EXPECT_THAT(rows.targets, ElementsAre(9.0F, 7.0F)) << "scale is for the inputs only";
    }
}

TEST_F(IdxSourceTest, ChannelsFirstIsTransposed) {
    // One sample: 2 channels of 1 x 3 pixels.
    const std::string file = write("i", idx_bytes(0x08, {1, 2, 1, 3}, {1, 2, 3, 10, 20, 30}));
    const IdxSource source({.inputs = file, .layout = Layout::channels_first});
    EXPECT_EQ(source.input_shape(), (Shape{1, 3, 2}));
    EXPECT_THAT(read_rows(source, {0}).inputs, ElementsAre(1, 10, 2, 20, 3, 30));
    const std::string signed_file = write("s", idx_bytes(0x09, {1, 2, 1, 3}, {1, 2, 3, 0xFF, 0xFE, 0xFD}));
    const IdxSource other({.inputs = signed_file, .layout = Layout::channels_first});
    EXPECT_THAT(read_rows(other, {0}).inputs, ElementsAre(1, -1, 2, -2, 3, -3));
}

TEST_F(IdxSourceTest, ImagesAndLabelsMustBeAsMany) {
    const std::string text =
        message({.inputs = write("i", images_), .targets = write("l", idx_bytes(0x08, {2}, {1, 2}))});
    EXPECT_THAT(text, HasSubstr("/i has 3 samples, but "));
    EXPECT_THAT(text, HasSubstr("/l has 2"));
}

TEST_F(IdxSourceTest, DamagedCompressedFiles) {
    const std::string file = write_gzip("i.gz", images_);
    std::filesystem::resize_file(file, std::filesystem::file_size(file) - 9);
    EXPECT_THAT(message({.inputs = file}), HasSubstr("truncated"));

    std::vector<std::byte> padded = images_;
    padded.resize(5'000'000);
    EXPECT_THAT(message({.inputs = write_gzip("p.gz", padded)}),
                HasSubstr("trailing data: expected 28 bytes, got more"));
    EXPECT_THAT(message({.inputs = path("none")}), HasSubstr("none: cannot be opened: No such file"));
    EXPECT_THAT(message({.inputs = directory_}), HasSubstr("Is a directory"));
}

TEST_F(IdxSourceTest, Mnist) {
    const char* data = std::getenv("LOCKSTEP_DATA");
    const std::string folder = std::string(data == nullptr ? "" : data) + "/mnist";
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "set LOCKSTEP_DATA to the folder that has mnist/";
    const IdxSource source({.inputs = folder + "/t10k-images-idx3-ubyte.gz",
                            .targets = folder + "/t10k-labels-idx1-ubyte.gz",
                            .scale = 1.0F});
    EXPECT_EQ(source.size(), 10'000U);
    EXPECT_EQ(source.input_shape(), (Shape{28, 28, 1}));
    EXPECT_THAT(read_rows(source, range(0, 5)).targets, ElementsAre(7, 2, 1, 0, 4));
}

}  // namespace
}  // namespace lockstep
