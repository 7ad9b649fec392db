// Files that are missing, damaged, hostile or simply others get one clear message.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/io/array_reader.h>

#include "hdf5_file.h"
#include "scratch.h"

using lockstep::DataError;
using lockstep::IoError;
using lockstep::io::ArrayReader;
using testing::AllOf;
using testing::HasSubstr;

namespace {

class ArrayReaderError : public testing::Test {
protected:
    const ScratchDirectory scratch;
    const std::string path = scratch / "data.h5";
    const std::vector<float> values = std::vector<float>(12, 1.0F);

    template <typename Exception>
    std::string opening(const std::string& dataset) const {
        return error_of<Exception>([&] { ArrayReader(path, dataset, {}); });
    }
    Hdf5File file_with_x() const {
        auto file = Hdf5File::create(path);
        file.write("/x", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, {4, 3}, values.data());
        return file;
    }
};

}  // namespace

TEST_F(ArrayReaderError, NamesAMissingFile) {
    EXPECT_THAT(opening<IoError>("/x"), AllOf(HasSubstr(path), HasSubstr("No such file")));
}

TEST_F(ArrayReaderError, TellsGzipTextAndEmptyFilesFromHdf5) {
    write_bytes(path, "\x1F\x8B\x08 and so on");
    EXPECT_THAT(opening<IoError>("/x"), HasSubstr("gunzip"));
    write_bytes(path, "a,b\n1,2\n");
    EXPECT_THAT(opening<IoError>("/x"), HasSubstr("expected an HDF5 file, got 8 bytes of something else"));
    write_bytes(path, "");
    EXPECT_THAT(opening<IoError>("/x"), HasSubstr("expected an HDF5 file"));
}

TEST_F(ArrayReaderError, SurvivesEveryTruncation) {
    file_with_x();
    const std::string whole = read_bytes(path);
    for (std::size_t length = 0; length < whole.size(); length += 16) {
        write_bytes(path, whole.substr(0, length));
        EXPECT_THROW(ArrayReader(path, "/x", {}), lockstep::Error) << length;
    }
    EXPECT_THAT(opening<IoError>("/x"), HasSubstr("truncated file"));
}

TEST_F(ArrayReaderError, ListsTheDatasetsThatExist) {
    {
        const auto file = file_with_x();
        file.write("/more/y", H5T_STD_I32LE, H5T_NATIVE_FLOAT, {12}, values.data());
    }
    const auto lists_both = AllOf(HasSubstr("/x [4, 3]"), HasSubstr("/more/y [12]"));
    EXPECT_THAT(opening<DataError>("/inputs"), AllOf(HasSubstr("no dataset /inputs"), lists_both));
    EXPECT_THAT(opening<DataError>("/more"), lists_both);
    EXPECT_THAT(opening<DataError>("/x/deeper"), lists_both);
}

TEST_F(ArrayReaderError, RefusesLinksAndSaysHowToAllowThem) {
    {
        const auto file = file_with_x();
        H5Lcreate_soft("/x", file.id(), "/soft", H5P_DEFAULT, H5P_DEFAULT);
        H5Lcreate_external("/etc/other.h5", "/x", file.id(), "/external", H5P_DEFAULT, H5P_DEFAULT);
        H5Lcreate_soft("/", file.id(), "/here", H5P_DEFAULT, H5P_DEFAULT);
    }
    EXPECT_THAT(opening<DataError>("/soft"),
                AllOf(HasSubstr("a soft link"), HasSubstr("allow_links = true")));
    EXPECT_THAT(opening<DataError>("/external"),
                AllOf(HasSubstr("an external link"), HasSubstr("allow_links = true")));
    EXPECT_THAT(opening<DataError>("/here/x"), HasSubstr("/here is a soft link"));
}

TEST_F(ArrayReaderError, RefusesBytesInOtherFiles) {
    const hid_t external = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_external(external, (scratch / "raw.bin").c_str(), 0, 48);
    const hid_t virtual_layout = H5Pcreate(H5P_DATASET_CREATE);
    const hsize_t extents[] = {4, 3};
    const hid_t space = H5Screate_simple(2, extents, nullptr);
    H5Pset_virtual(virtual_layout, space, "other.h5", "/x", space);
    {
        const auto file = Hdf5File::create(path);
        file.write("/external", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, {4, 3}, values.data(), external);
        H5Dclose(H5Dcreate2(file.id(), "/virtual", H5T_IEEE_F32LE, space, H5P_DEFAULT, virtual_layout,
                            H5P_DEFAULT));
    }
    H5Sclose(space);
    H5Pclose(virtual_layout);
    H5Pclose(external);
    EXPECT_THAT(opening<DataError>("/external"), AllOf(HasSubstr("external file"), HasSubstr("allow_links")));
    EXPECT_THAT(opening<DataError>("/virtual"),
                AllOf(HasSubstr("virtual dataset"), HasSubstr("allow_links")));
}

TEST_F(ArrayReaderError, RefusesOtherTypesFiltersAndEmptyArrays) {
    const hid_t layout = H5Pcreate(H5P_DATASET_CREATE);
    const hsize_t chunk[] = {4, 3};
    H5Pset_chunk(layout, 2, chunk);
    H5Pset_scaleoffset(layout, H5Z_SO_FLOAT_DSCALE, 2);
    const hid_t text = H5Tcopy(H5T_C_S1);
    H5Tset_size(text, 5);
    {
        const auto file = file_with_x();
        file.write("/filtered", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, {4, 3}, values.data(), layout);
        file.write("/text", text, text, {2}, "firstother");
        file.write("/empty", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, {4, 0}, values.data());
    }
    H5Tclose(text);
    H5Pclose(layout);
    EXPECT_THAT(opening<DataError>("/filtered"), AllOf(HasSubstr("filter 6"), HasSubstr("h5repack")));
    EXPECT_THAT(opening<DataError>("/text"), HasSubstr("text of 5 bytes"));
    EXPECT_THAT(opening<DataError>("/empty"), HasSubstr("[4, 0]"));
}

TEST_F(ArrayReaderError, ChecksRowsAndTheBuffer) {
    file_with_x();
    const ArrayReader reader(path, "/x", {});
    std::vector<float> out(6);
    const auto read = [&](std::vector<std::uint64_t> indices, std::size_t stride) {
        return error_of<DataError>([&] { reader.read(indices, out, stride); });
    };
    EXPECT_THAT(read({0, 4}, 3), HasSubstr("expected a row below 4, got 4"));
    EXPECT_THAT(read({0, 1, 2}, 3), HasSubstr("3 rows of 3 values do not fit a buffer of 6"));
    EXPECT_THAT(read({0, 1}, 2), HasSubstr("stride 2"));
}
