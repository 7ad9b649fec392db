// Files whose links and bytes lead elsewhere: nothing is read from there, and nothing written.
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/io/archive.h>
#include <lockstep/io/inspect.h>
#include <lockstep/io/table_file.h>

#include "hdf5_file.h"
#include "scratch.h"

using lockstep::DataError;
using lockstep::io::ArchiveReader;
using lockstep::io::TableFile;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

namespace {

class HostileLinks : public testing::Test {
protected:
    const ScratchDirectory scratch;
    const std::string path = scratch / "run.h5";
    const std::string other = scratch / "other.h5";

    HostileLinks() {
        TableFile file(other, {});
        for (int row = 0; row < 4; ++row) file.append("/table", {{"epoch", row}, {"loss", 1.5}});
        file.close();
    }

    void link_externally(const std::string& name, const std::string& object) const {
        const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
        H5Ldelete(file, name.c_str(), H5P_DEFAULT);
        H5Lcreate_external(other.c_str(), object.c_str(), file, name.c_str(), H5P_DEFAULT, H5P_DEFAULT);
        H5Fclose(file);
    }

    void write_run() const {
        TableFile file(path, {});
        for (int epoch = 0; epoch < 3; ++epoch) file.append("/epochs", {{"epoch", epoch}, {"loss", 0.5}});
        file.close();
    }

    /// What is added to the run must end up in neither file.
    template <typename Add>
    void expect_not_continued(const Add& add) const {
        const std::string before = read_bytes(other);
        {
            TableFile file(path, {.final_wait = std::chrono::milliseconds(0), .append = true});
            add(file);
            EXPECT_FALSE(file.flush());
        }
        EXPECT_EQ(read_bytes(other), before);
        EXPECT_TRUE(std::filesystem::exists(scratch / "run.pending.h5")) << "where such rows wait";
    }
};

/// A one-axis dataset, extendible without end, whose bytes are those of another file.
void write_with_external_bytes(const std::string& path, const std::string& name, const std::string& raw) {
    const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    const hid_t list = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_external(list, raw.c_str(), 0, H5F_UNLIMITED);
    const hsize_t extents = 3, most = H5S_UNLIMITED;
    const hid_t space = H5Screate_simple(1, &extents, &most);
    H5Ldelete(file, name.c_str(), H5P_DEFAULT);
    H5Dclose(H5Dcreate2(file, name.c_str(), H5T_IEEE_F64LE, space, H5P_DEFAULT, list, H5P_DEFAULT));
    H5Sclose(space);
    H5Pclose(list);
    H5Fclose(file);
}

/// Maps an axis without end to that of a dataset of the other file: its extent depends on that one's.
void write_virtual(const std::string& path, const std::string& name, const std::string& other) {
    const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    const hid_t list = H5Pcreate(H5P_DATASET_CREATE);
    const hsize_t none = 0, one = 1, without_end = H5S_UNLIMITED;
    const hid_t space = H5Screate_simple(1, &one, &without_end);
    H5Sselect_hyperslab(space, H5S_SELECT_SET, &none, nullptr, &without_end, nullptr);
    H5Pset_virtual(list, space, other.c_str(), "/table/loss", space);
    H5Dclose(H5Dcreate2(file, name.c_str(), H5T_IEEE_F64LE, space, H5P_DEFAULT, list, H5P_DEFAULT));
    H5Sclose(space);
    H5Pclose(list);
    H5Fclose(file);
}

}  // namespace

TEST_F(HostileLinks, ATextBehindALinkIsNotRead) {
    Hdf5File::create(path);
    link_externally("/text", "/table");
    const auto refused = AllOf(HasSubstr("/text is an external link"), Not(HasSubstr("allow_links")));
    EXPECT_THAT(error_of<DataError>([&] { ArchiveReader(path, "lockstep.checkpoint/1"); }), refused);
    EXPECT_THAT(error_of<DataError>([&] { ArchiveReader(path).text("schema"); }), refused);
    EXPECT_THAT(lockstep::io::verify_file(path), ElementsAre(refused));
}

TEST_F(HostileLinks, AGroupBehindALinkIsNotListed) {
    Hdf5File::create(path);
    link_externally("/weights", "/");
    EXPECT_THAT(error_of<DataError>([&] { ArchiveReader(path).arrays("/weights"); }),
                HasSubstr("/weights is an external link"));
}

TEST_F(HostileLinks, InspectOpensNoOtherFile) {
    write_run();
    write_virtual(path, "/virtual", other);
    write_with_external_bytes(path, "/raw", other);
    EXPECT_THAT(lockstep::io::describe_file(path), HasSubstr("/virtual  (a virtual dataset)\n"));
    EXPECT_THAT(lockstep::io::verify_file(path),
                ElementsAre(HasSubstr("/raw lies in an external file"), HasSubstr("/virtual is a virtual")));
}

TEST_F(HostileLinks, ARunIsNotContinuedInAnotherFile) {
    write_run();
    link_externally("/epochs", "/table");
    expect_not_continued([](TableFile& file) { file.append("/epochs", {{"loss", 0.5}}); });
}

TEST_F(HostileLinks, AColumnIsNotMadeInAnotherFile) {
    write_run();
    link_externally("/epochs/late", "/table/late");
    testing::internal::CaptureStderr();
    expect_not_continued([](TableFile& file) { file.append("/epochs", {{"late", 0.5}}); });
    EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("late is an external link"));
}

TEST_F(HostileLinks, AColumnIsNotContinuedInAnotherFile) {
    write_run();
    link_externally("/epochs/loss", "/table/loss");
    expect_not_continued([](TableFile& file) { file.append("/epochs", {{"epoch", 3}, {"loss", 0.5}}); });
}

TEST_F(HostileLinks, AColumnWhoseBytesAreThoseOfAnotherFileIsRefused) {
    write_run();
    write_with_external_bytes(path, "/epochs/loss", other);
    EXPECT_THAT(error_of<DataError>([&] { TableFile(path, {.append = true}); }),
                HasSubstr("/epochs/loss lies in an external file"));
}

// A table that has nothing but such columns.
TEST_F(HostileLinks, AVirtualColumnIsRefused) {
    write_run();
    write_virtual(path, "/loss", other);
    const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    H5Ldelete(file, "/epochs/epoch", H5P_DEFAULT);
    H5Ldelete(file, "/epochs/loss", H5P_DEFAULT);
    H5Lmove(file, "/loss", file, "/epochs/loss", H5P_DEFAULT, H5P_DEFAULT);
    H5Fclose(file);
    EXPECT_THAT(error_of<DataError>([&] { TableFile(path, {.append = true}); }),
                HasSubstr("/epochs/loss is a virtual dataset"));
}

TEST_F(HostileLinks, ALongTextIsNotWrittenIntoAnotherFile) {
    write_run();
    link_externally("/text", "/table");
    const std::string before = read_bytes(other);
    TableFile file(path, {.final_wait = std::chrono::milliseconds(0), .append = true});
    file.attribute("job", std::string(40000, 'x'));
    EXPECT_FALSE(file.flush());
    EXPECT_EQ(read_bytes(other), before);
}
