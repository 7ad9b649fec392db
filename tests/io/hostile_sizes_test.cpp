// Files that claim more than they hold, or say what they hold in ways that never end.
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/io/archive.h>
#include <lockstep/io/array_reader.h>
#include <lockstep/io/inspect.h>
#include <lockstep/io/table_file.h>

#include "hdf5_file.h"
#include "scratch.h"

using lockstep::DataError;
using lockstep::io::ArrayReader;
using lockstep::io::TableFile;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

namespace {

class HostileSizes : public testing::Test {
protected:
    const ScratchDirectory scratch;
    const std::string path = scratch / "data.h5";

    /// A dataset that was never written. `chunk`: empty for none; with chunks it is compressed.
    void claim(const std::string& name, hid_t type, const std::vector<hsize_t>& extents,
               const std::vector<hsize_t>& chunk = {}) const {
        const hid_t list = H5Pcreate(H5P_DATASET_CREATE);
        const int rank = static_cast<int>(extents.size());
        const std::vector<hsize_t> without_end(extents.size(), H5S_UNLIMITED);
        if (!chunk.empty()) H5Pset_chunk(list, rank, chunk.data());
        if (!chunk.empty()) H5Pset_deflate(list, 1);
        const hid_t space =
            H5Screate_simple(rank, extents.data(), chunk.empty() ? nullptr : without_end.data());
        const hid_t links = H5Pcreate(H5P_LINK_CREATE);
        H5Pset_create_intermediate_group(links, 1);
        const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
        H5Dclose(H5Dcreate2(file, name.c_str(), type, space, links, list, H5P_DEFAULT));
        H5Fclose(file);
        for (const hid_t one : {list, space, links}) H5Idec_ref(one);
    }

    std::string opening(const std::string& dataset) const {
        return error_of<DataError>([&] { ArrayReader(path, dataset, {}); });
    }
    std::string continuing() const {
        return error_of<DataError>([&] { TableFile(path, {.append = true}); });
    }

    HostileSizes() { Hdf5File::create(path); }
};

}  // namespace

TEST_F(HostileSizes, DataMustBeStored) {
    claim("/rows", H5T_IEEE_F32LE, {hsize_t{1} << 40, 4}, {1024, 4});
    claim("/overflow", H5T_IEEE_F32LE, {hsize_t{1} << 40, hsize_t{1} << 30}, {1024, 4});
    claim("/chunks", H5T_IEEE_F32LE, {1000, 1000}, {1 << 15, 1 << 14});
    claim("/small", H5T_IEEE_F32LE, {1000, 1000});
    EXPECT_THAT(opening("/rows"), AllOf(HasSubstr("claims the extents [1099511627776, 4] with 4 bytes"),
                                        HasSubstr("only 0 bytes are stored")));
    EXPECT_THAT(opening("/overflow"), HasSubstr("claims the extents"));
    EXPECT_THAT(opening("/chunks"), HasSubstr("claims chunks of [32768, 16384]"));
    EXPECT_EQ(ArrayReader(path, "/small", {}).rows(), 1000U);  // what was never written reads as zeros
}

TEST_F(HostileSizes, InspectReadsNoClaims) {
    claim("/rows", H5T_STD_I8LE, {hsize_t{1} << 60}, {1024});
    const hid_t opaque = H5Tcreate(H5T_OPAQUE, std::size_t{1} << 31);
    claim("/element", opaque, {1});
    H5Tclose(opaque);
    EXPECT_THAT(lockstep::io::verify_file(path),
                ElementsAre(HasSubstr("/element claims"), HasSubstr("/rows claims")));
}

// Two names of a group in itself are 2^32 names at the depth of 32.
TEST_F(HostileSizes, GroupsThatHoldEachOtherAreListedOnce) {
    const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    H5Gclose(H5Gcreate2(file, "/a", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    for (const char* name : {"/a/up", "/a/top", "/b"}) H5Lcreate_hard(file, "/", file, name, 0, 0);
    for (const char* name : {"/a/again", "/c"}) H5Lcreate_hard(file, "/a", file, name, 0, 0);
    H5Fclose(file);
    const std::string text = lockstep::io::describe_file(path);
    EXPECT_THAT(text, AllOf(HasSubstr("/a/\n"), HasSubstr("/a/again/  (the same group as /a)\n"),
                            HasSubstr("/a/up/  (the same group as /)\n"), Not(HasSubstr("/c/again"))));
    EXPECT_THAT(lockstep::io::verify_file(path), IsEmpty());
}

// With ASan: what HDF5 allocates for such elements is ours to free.
TEST_F(HostileSizes, ElementsOfVariableLengthAreNotRead) {
    const hid_t text = H5Tcopy(H5T_C_S1);
    H5Tset_size(text, H5T_VARIABLE);
    const hid_t pair = H5Tcreate(H5T_COMPOUND, sizeof(const char*));
    H5Tinsert(pair, "text", 0, text);
    const char* value = "a text";
    const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    const hsize_t one = 1;
    const hid_t space = H5Screate_simple(1, &one, nullptr);
    const hid_t dataset = H5Dcreate2(file, "/pair", pair, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    H5Dwrite(dataset, pair, H5S_ALL, H5S_ALL, H5P_DEFAULT, &value);
    for (const hid_t object : {dataset, space, pair, text}) H5Idec_ref(object);
    H5Fclose(file);
    EXPECT_THAT(lockstep::io::verify_file(path), IsEmpty());
}

TEST_F(HostileSizes, NothingMovesTheCursor) {
    const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    H5Gclose(H5Gcreate2(file, "/\x1b[2J", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    H5Lcreate_soft("/\r\xC2\x9B", file, "/soft", H5P_DEFAULT, H5P_DEFAULT);
    H5Fclose(file);
    const std::string text = lockstep::io::describe_file(path);
    EXPECT_THAT(text, AllOf(HasSubstr("/\\x1b[2J/\n"), HasSubstr("/soft -> /\\x0d\xC2\\x9b\n")));
}

TEST_F(HostileSizes, ColumnsMustBeStored) {
    claim("/epochs/loss", H5T_IEEE_F64LE, {hsize_t{1} << 61}, {1024});
    EXPECT_THAT(continuing(), HasSubstr("/epochs/loss claims the extents"));
}

TEST_F(HostileSizes, CellsOfEmptyColumnsMustBeSmall) {
    claim("/epochs/values", H5T_IEEE_F64LE, {0, hsize_t{1} << 40}, {1, 1024});
    EXPECT_THAT(continuing(), HasSubstr("claims cells of 1099511627776 numbers"));
}

TEST_F(HostileSizes, PendingRowsMustBeStored) {
    {
        TableFile file(scratch / "run.h5", {});
        file.close();
    }
    claim("/epochs/loss", H5T_STD_I8LE, {hsize_t{1} << 25}, {1024});
    const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    const hid_t group = H5Gopen2(file, "/epochs", H5P_DEFAULT);
    const hid_t scalar = H5Screate(H5S_SCALAR);
    const hid_t first = H5Acreate2(group, "first_row", H5T_STD_I64LE, scalar, H5P_DEFAULT, H5P_DEFAULT);
    const long long none = 0;
    H5Awrite(first, H5T_NATIVE_LLONG, &none);
    for (const hid_t object : {first, scalar, group}) H5Idec_ref(object);
    H5Fclose(file);
    std::filesystem::rename(path, scratch / "run.pending.h5");
    EXPECT_THAT(error_of<DataError>([&] { TableFile(scratch / "run.h5", {.append = true}); }),
                HasSubstr("/epochs/loss: claims 33554432 rows, but was never written"));
}
