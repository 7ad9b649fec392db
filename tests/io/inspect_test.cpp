// What `lockstep inspect` prints and finds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/io/archive.h>
#include <lockstep/io/inspect.h>
#include <lockstep/io/table_file.h>

#include "hdf5_file.h"
#include "scratch.h"

using lockstep::Shape;
using lockstep::io::describe_file;
using lockstep::io::TableFile;
using lockstep::io::verify_file;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

class Inspect : public testing::Test {
protected:
    const ScratchDirectory scratch;
    const std::string path = scratch / "run.h5";

    void write_run() const {
        TableFile file(path, {});
        file.attribute("schema", "lockstep.run/1");
        file.describe("/epochs", "loss", "1", "mean loss of the epoch");
        for (int epoch = 0; epoch < 3; ++epoch) file.append("/epochs", {{"epoch", epoch}, {"loss", 0.5}});
        file.append("/ranks/info", {{"host", std::string("node07")}});
        file.close();
    }
};

}  // namespace

TEST_F(Inspect, PrintsTheTree) {
    write_run();
    const std::string text = describe_file(path);
    EXPECT_THAT(text, HasSubstr("@schema = \"lockstep.run/1\""));
    EXPECT_THAT(text, HasSubstr("/epochs/loss  [3] float64"));
    EXPECT_THAT(text, HasSubstr("@description = \"mean loss of the epoch\""));
    EXPECT_THAT(text, HasSubstr("/ranks/info/host  [1] text of 16 bytes"));
}

TEST_F(Inspect, PrintsFiltersAndDoesNotFollowLinks) {
    lockstep::io::ArchiveWriter writer(path, "lockstep.checkpoint/1");
    writer.array("/weights/dense/kernel", std::vector<float>(6), Shape{2, 3});
    writer.commit();
    const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    H5Lcreate_external("/secret.h5", "/x", file, "/outside", H5P_DEFAULT, H5P_DEFAULT);
    H5Lcreate_hard(file, "/", file, "/loop", H5P_DEFAULT, H5P_DEFAULT);
    H5Fclose(file);
    const std::string text = describe_file(path);
    EXPECT_THAT(text, HasSubstr("/weights/dense/kernel  [2, 3] float32, 28 bytes, fletcher32"));
    EXPECT_THAT(text, HasSubstr("/outside -> /secret.h5:/x"));
}

TEST_F(Inspect, FindsNothingInSoundFiles) {
    write_run();
    EXPECT_THAT(verify_file(path), IsEmpty());
}

TEST_F(Inspect, FindsUnequalColumnsAndMixedGroups) {
    write_run();
    const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    const hid_t loss = H5Dopen2(file, "/epochs/loss", H5P_DEFAULT);
    const hsize_t longer = 5;
    H5Dset_extent(loss, &longer);
    H5Dclose(loss);
    H5Gclose(H5Gcreate2(file, "/epochs/more", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    H5Fclose(file);
    EXPECT_THAT(verify_file(path),
                ElementsAre(HasSubstr("/epochs/epoch has 3 rows, /epochs/loss has 5"),
                            HasSubstr("/epochs holds columns and the group /epochs/more")));
}

TEST_F(Inspect, ReportsADamagedFileAndThrowsForAMissingOne) {
    EXPECT_THROW(verify_file(path), lockstep::IoError);
    write_run();
    write_bytes(path, read_bytes(path).substr(0, 1000));
    EXPECT_THAT(verify_file(path), ElementsAre(HasSubstr("truncated file")));
}

TEST_F(Inspect, FindsAMissingMarkOfCompletion) {
    {
        lockstep::io::ArchiveWriter writer(path, "lockstep.checkpoint/1");
        writer.commit();
    }
    EXPECT_THAT(verify_file(path), IsEmpty());
    const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    H5Adelete(file, "complete");
    H5Fclose(file);
    EXPECT_THAT(verify_file(path), ElementsAre(HasSubstr("\"complete\" is missing")));
}

TEST(Hdf5Version, NamesTheLibrary) {
    EXPECT_THAT(lockstep::io::hdf5_version(), testing::MatchesRegex("[0-9.]+, (not )?thread-safe"));
}
