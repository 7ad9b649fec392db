// Rows land in request order as float, whatever the file's type, layout and filters.
#include <cstdint>
#include <fstream>
#include <numeric>
#include <span>

#include <gtest/gtest.h>

#include <lockstep/io/array_reader.h>

#include "hdf5_file.h"
#include "scratch.h"

using lockstep::Shape;
using lockstep::io::ArrayReader;

namespace {

/// Row r of `count` rows holds r * width + column, modulo 100 so that every type can hold it.
template <typename T>
std::vector<T> ramp(std::size_t count, std::size_t width) {
    std::vector<T> values(count * width);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<T>(i % 100);
    return values;
}

void expect_rows(const ArrayReader& reader, const std::vector<std::uint64_t>& indices, std::size_t stride) {
    const std::size_t width = reader.row_shape().size();
    std::vector<float> out(indices.size() * stride, -1.0F);
    reader.read(indices, out, stride);
    for (std::size_t i = 0; i < indices.size(); ++i) {
        for (std::size_t column = 0; column < width; ++column)
            ASSERT_EQ(out[i * stride + column], static_cast<float>((indices[i] * width + column) % 100))
                << i << " " << column;
        for (std::size_t gap = width; gap < stride; ++gap) ASSERT_EQ(out[i * stride + gap], -1.0F);
    }
}

class ArrayReaderTest : public testing::Test {
protected:
    const ScratchDirectory scratch;
    const std::string path = scratch / "data.h5";

    template <typename T>
    void expect_type_is_read(hid_t stored, hid_t memory) {
        Hdf5File::create(path).write("/x", stored, memory, {40, 3}, ramp<T>(40, 3).data());
        expect_rows(ArrayReader(path, "/x", {}), {7, 8, 9, 3, 39, 0}, 3);
    }
};

}  // namespace

TEST_F(ArrayReaderTest, KnowsRowsAndShape) {
    Hdf5File::create(path).write("/a/x", H5T_STD_U8LE, H5T_NATIVE_FLOAT, {5, 4, 3},
                                 ramp<float>(5, 12).data());
    const ArrayReader reader(path, "a/x", {});
    EXPECT_EQ(reader.rows(), 5U);
    EXPECT_EQ(reader.row_shape(), (Shape{4, 3}));
}

TEST_F(ArrayReaderTest, ReadsEveryNumberType) {
    expect_type_is_read<std::uint8_t>(H5T_STD_U8LE, H5T_NATIVE_UINT8);
    expect_type_is_read<std::int16_t>(H5T_STD_I16BE, H5T_NATIVE_INT16);
    expect_type_is_read<std::int64_t>(H5T_STD_I64LE, H5T_NATIVE_INT64);
    expect_type_is_read<std::uint64_t>(H5T_STD_U64BE, H5T_NATIVE_UINT64);
    expect_type_is_read<float>(H5T_IEEE_F32BE, H5T_NATIVE_FLOAT);
    expect_type_is_read<double>(H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE);
}

TEST_F(ArrayReaderTest, ReadsBooleansAsH5pyWritesThem) {
    const hid_t boolean = H5Tenum_create(H5T_NATIVE_INT8);
    const std::int8_t no = 0, yes = 1;
    H5Tenum_insert(boolean, "FALSE", &no);
    H5Tenum_insert(boolean, "TRUE", &yes);
    const std::vector<std::int8_t> values{1, 0, 0, 1};
    Hdf5File::create(path).write("/flag", boolean, boolean, {4}, values.data());
    H5Tclose(boolean);

    const ArrayReader reader(path, "/flag", {});
    std::vector<float> out(4);
    reader.read(std::vector<std::uint64_t>{3, 2, 1, 0}, out, 1);
    EXPECT_EQ(reader.row_shape(), Shape{});
    EXPECT_EQ(out, (std::vector{1.0F, 0.0F, 0.0F, 1.0F}));
}

TEST_F(ArrayReaderTest, KeepsTheRequestsOrderWithRepeatsAndAStride) {
    Hdf5File::create(path).write("/x", H5T_STD_U8LE, H5T_NATIVE_FLOAT, {1000, 7},
                                 ramp<float>(1000, 7).data());
    const ArrayReader reader(path, "/x", {});
    expect_rows(reader, {999, 0, 500, 501, 502, 500, 1, 998, 0}, 9);
    std::vector<std::uint64_t> backwards(1000);
    std::iota(backwards.rbegin(), backwards.rend(), std::uint64_t{0});
    expect_rows(reader, backwards, 7);
    expect_rows(reader, {}, 7);
}

TEST_F(ArrayReaderTest, ReadsCompressedChunksWithChecksums) {
    const hid_t layout = H5Pcreate(H5P_DATASET_CREATE);
    const std::vector<hsize_t> chunk{64, 10};
    H5Pset_chunk(layout, 2, chunk.data());
    H5Pset_shuffle(layout);
    H5Pset_deflate(layout, 4);
    H5Pset_fletcher32(layout);
    Hdf5File::create(path).write("/x", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, {500, 10},
                                 ramp<float>(500, 10).data(), layout);
    H5Pclose(layout);
    expect_rows(ArrayReader(path, "/x", {}), {63, 64, 499, 5, 128, 65}, 10);
}

/// Bytes that this process has read from files so far.
std::uint64_t bytes_read() {
    std::ifstream file("/proc/self/io");
    std::string name;
    std::uint64_t bytes = 0;
    file >> name >> bytes;
    EXPECT_EQ(name, "rchar:");
    return bytes;
}

// A chunk of 2 MB and one of 80 MB, with checksums: HDF5 reads such a chunk whole.
TEST_F(ArrayReaderTest, ReadsAChunkOnceForManyRows) {
    for (const hsize_t rows : {2000U, 80000U}) {
        const std::vector<std::uint8_t> values(rows * 1000, 1);
        const hid_t layout = H5Pcreate(H5P_DATASET_CREATE);
        const std::vector<hsize_t> chunk{rows, 1000};
        H5Pset_chunk(layout, 2, chunk.data());
        H5Pset_fletcher32(layout);
        Hdf5File::create(path).write("/x", H5T_STD_U8LE, H5T_NATIVE_UINT8, chunk, values.data(), layout);
        H5Pclose(layout);
        const ArrayReader reader(path, "/x", {});
        std::vector<float> row(1000);
        const std::uint64_t before = bytes_read();
        for (std::uint64_t index = 0; index < rows; index += rows / 4)
            reader.read(std::span(&index, 1), row, 1000);
        EXPECT_GE(bytes_read() - before, values.size());
        EXPECT_LT(bytes_read() - before, 2 * values.size()) << rows << " rows in a chunk";
    }
}

// 600,000 floats are more than a piece of 1 MiB, for many rows and for a single one.
TEST_F(ArrayReaderTest, ReadsMoreThanOnePiece) {
    Hdf5File::create(path).write("/many", H5T_STD_U8LE, H5T_NATIVE_FLOAT, {6000, 100},
                                 ramp<float>(6000, 100).data());
    std::vector<std::uint64_t> all(6000);
    std::iota(all.begin(), all.end(), std::uint64_t{0});
    expect_rows(ArrayReader(path, "/many", {}), all, 100);

    Hdf5File::create(path).write("/large", H5T_STD_U8LE, H5T_NATIVE_FLOAT, {3, 600, 1000},
                                 ramp<float>(3, 600000).data());
    expect_rows(ArrayReader(path, "/large", {}), {2, 0}, 600000);
}

TEST_F(ArrayReaderTest, FollowsLinksWhenAllowed) {
    {
        const auto file = Hdf5File::create(path);
        file.write("/x", H5T_STD_U8LE, H5T_NATIVE_FLOAT, {10, 2}, ramp<float>(10, 2).data());
        H5Lcreate_soft("/x", file.id(), "/alias", H5P_DEFAULT, H5P_DEFAULT);
    }
    expect_rows(ArrayReader(path, "/alias", {.allow_links = true}), {9, 1}, 2);
}
