// Rows in, columns out: equal lengths, back-filled, described, continued, cut.
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/core/stopwatch.h>
#include <lockstep/io/inspect.h>
#include <lockstep/io/table_file.h>

#include "hdf5_file.h"
#include "scratch.h"

using lockstep::io::Row;
using lockstep::io::TableFile;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsNan;

namespace {

class TableFileTest : public testing::Test {
protected:
    const ScratchDirectory scratch;
    const std::string path = scratch / "run.h5";
};

Row epoch(int number, double loss) {
    return {{"epoch", number}, {"loss", loss}};
}

}  // namespace

TEST_F(TableFileTest, WritesColumnsInTheOrderOfTheRows) {
    TableFile file(path, {});
    for (int i = 0; i < 3000; ++i) file.append("/epochs", epoch(i, 0.5 * i));
    file.append("/gradients/dense/kernel", {{"norm", 2.0}});
    EXPECT_EQ(file.rows("/epochs"), 3000U);
    EXPECT_EQ(file.rows("/other"), 0U);
    EXPECT_THAT(file.tables(), ElementsAre("/epochs", "/gradients/dense/kernel"));
    file.close();

    const auto result = Hdf5File::open(path);
    const auto epochs = result.integers("/epochs/epoch");
    const auto losses = result.reals("/epochs/loss");
    ASSERT_EQ(epochs.size(), 3000U);
    ASSERT_EQ(losses.size(), 3000U);
    for (int i = 0; i < 3000; ++i) {
        ASSERT_EQ(epochs[static_cast<std::size_t>(i)], i);
        ASSERT_EQ(losses[static_cast<std::size_t>(i)], 0.5 * i);
    }
    EXPECT_THAT(result.reals("/gradients/dense/kernel/norm"), ElementsAre(2.0));
}

TEST_F(TableFileTest, FlushesByItself) {
    TableFile file(path, {.flush_interval = std::chrono::milliseconds(20)});
    file.append("/epochs", epoch(0, 1.0));
    const lockstep::Stopwatch timer;
    bool seen = false;
    while (!seen && timer.seconds() < 5)
        seen = lockstep::io::describe_file(path).find("/epochs/loss  [1]") != std::string::npos;
    EXPECT_TRUE(seen);
}

TEST_F(TableFileTest, BackFillsLateColumnsWithinAndAcrossFlushes) {
    TableFile file(path, {});
    for (int i = 0; i < 2000; ++i) file.append("/epochs", epoch(i, 1.0));
    ASSERT_TRUE(file.flush());
    file.append("/epochs", epoch(2000, 1.0));
    file.append("/epochs", {{"epoch", 2001}, {"val_loss", 0.25}, {"best", 1}, {"note", std::string("hi")}});
    file.append("/epochs", {{"val_loss", 0.125}});
    ASSERT_TRUE(file.flush());
    file.append("/epochs", epoch(2003, 3.0));
    file.close();

    const auto result = Hdf5File::open(path);
    const auto late = result.reals("/epochs/val_loss");
    ASSERT_EQ(late.size(), 2004U);
    for (std::size_t i = 0; i < 2001; ++i) ASSERT_TRUE(std::isnan(late[i])) << i;
    EXPECT_THAT(std::vector(late.begin() + 2001, late.end()), ElementsAre(0.25, 0.125, IsNan()));
    const auto epochs = result.integers("/epochs/epoch");
    EXPECT_THAT(std::vector(epochs.begin() + 2000, epochs.end()), ElementsAre(2000, 2001, -1, 2003));
    const auto best = result.integers("/epochs/best");
    EXPECT_EQ(best.size(), 2004U);
    EXPECT_EQ(best[0], -1);
    EXPECT_EQ(best[2001], 1);
    EXPECT_EQ(best[2003], -1);
    const auto notes = result.texts("/epochs/note");
    EXPECT_EQ(notes[0], "");
    EXPECT_EQ(notes[2001], "hi");
}

TEST_F(TableFileTest, WritesDescriptionsAndAttributes) {
    const double before = lockstep::unix_time();
    TableFile file(path, {});
    file.describe("/epochs", "loss", "1", "mean loss");
    file.describe("/epochs", "late", "s", "comes later");
    file.attribute("status", "running");
    file.attribute("ranks", 8);
    file.attribute("resumed", true);
    file.attribute("job", std::string(50000, 'x'));
    file.append("/epochs", epoch(0, 1.0));
    ASSERT_TRUE(file.flush());
    file.append("/epochs", {{"late", 2.0}});
    file.attribute("status", "finished");
    file.close();

    const std::string text = lockstep::io::describe_file(path);
    EXPECT_THAT(text, HasSubstr("@description = \"mean loss\""));
    EXPECT_THAT(text, HasSubstr("@unit = \"s\""));
    EXPECT_THAT(text, HasSubstr("@status = \"finished\""));
    EXPECT_THAT(text, HasSubstr("@ranks = 8"));
    EXPECT_THAT(text, HasSubstr("@resumed = 1"));
    EXPECT_THAT(text, HasSubstr("/text/job  [1] text of 50000 bytes"));
    const auto result = Hdf5File::open(path);
    const hid_t heartbeat = H5Aopen(result.id(), "heartbeat", H5P_DEFAULT);
    double time = 0;
    H5Aread(heartbeat, H5T_NATIVE_DOUBLE, &time);
    H5Aclose(heartbeat);
    EXPECT_GE(time, before);
    EXPECT_LE(time, lockstep::unix_time());
}

TEST_F(TableFileTest, ContinuesAndCutsAnExistingFile) {
    {
        TableFile file(path, {});
        for (int i = 0; i < 10; ++i)
            file.append("/epochs", {{"epoch", i}, {"edges", std::vector{1.0 * i, 2.0 * i}}});
    }
    TableFile file(path, {.append = true});
    EXPECT_EQ(file.rows("/epochs"), 10U);
    file.append("/epochs", {{"epoch", 10}});
    file.truncate({{"/epochs", 7}});
    file.truncate({{"/epochs", 9}, {"/nothing", 0}});  // fewer rows than that: nothing to cut
    EXPECT_EQ(file.rows("/epochs"), 7U);
    file.append("/epochs", {{"epoch", 70}, {"edges", std::vector{5.0, 6.0}}});
    file.append("/epochs", {{"epoch", 80}});
    file.close();

    const auto result = Hdf5File::open(path);
    EXPECT_THAT(result.integers("/epochs/epoch"), ElementsAre(0, 1, 2, 3, 4, 5, 6, 70, 80));
    EXPECT_THAT(result.extents("/epochs/edges"), ElementsAre(9, 2));
    const auto edges = result.reals("/epochs/edges");
    EXPECT_THAT(std::vector(edges.begin() + 12, edges.end()),
                ElementsAre(6.0, 12.0, 5.0, 6.0, IsNan(), IsNan()));
}

TEST_F(TableFileTest, CutsUnequalColumnsOfAKilledWriter) {
    {
        TableFile file(path, {});
        for (int i = 0; i < 10; ++i) file.append("/epochs", epoch(i, i));
    }
    const hid_t raw = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    const hid_t loss = H5Dopen2(raw, "/epochs/loss", H5P_DEFAULT);
    const hsize_t shorter = 8;
    H5Dset_extent(loss, &shorter);
    H5Dclose(loss);
    H5Fclose(raw);

    TableFile file(path, {.append = true});
    EXPECT_EQ(file.rows("/epochs"), 8U);
    file.append("/epochs", epoch(100, 100));
    file.close();
    const auto result = Hdf5File::open(path);
    EXPECT_THAT(result.integers("/epochs/epoch"), ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 100));
    EXPECT_THAT(result.reals("/epochs/loss"), ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 100));
}

TEST_F(TableFileTest, NamesFilesThatCannotBeOpened) {
    const auto append = [&] { TableFile(path, {.append = true}); };
    EXPECT_THAT(error_of<lockstep::IoError>(append),
                testing::AllOf(HasSubstr(path), HasSubstr("No such file")));
    write_bytes(path, "not HDF5 at all, but long enough to have a signature");
    EXPECT_THAT(error_of<lockstep::IoError>(append),
                testing::AllOf(HasSubstr(path), HasSubstr("file signature not found")));
    EXPECT_THAT(error_of<lockstep::IoError>([&] { TableFile(scratch / "no/run.h5", {}); }),
                HasSubstr("No such file"));
}

TEST_F(TableFileTest, ReplacesAnOlderFile) {
    { TableFile(path, {}).append("/epochs", epoch(1, 1.0)); }
    { TableFile(path, {}).append("/other", epoch(2, 2.0)); }
    EXPECT_THAT(lockstep::io::describe_file(path), testing::Not(HasSubstr("/epochs")));
}
