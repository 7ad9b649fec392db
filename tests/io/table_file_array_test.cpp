// Cells of several numbers: one dataset [rows, shape...].
#include <chrono>
#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/io/inspect.h>
#include <lockstep/io/table_file.h>

#include "hdf5_file.h"
#include "scratch.h"

using lockstep::io::Array;
using lockstep::io::Cell;
using lockstep::io::TableFile;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsNan;

namespace {

class TableFileArray : public testing::Test {
protected:
    const ScratchDirectory scratch;
    const std::string path = scratch / "run.h5";
};

Array<double> reals(double first) {
    return {.values = {first, first + 1, first + 2, first + 3, first + 4, first + 5}, .shape = {2, 3}};
}

Array<std::int64_t> integers(std::int64_t first) {
    return {.values = {first, first + 1, first + 2, first + 3}, .shape = {2, 2}};
}

}  // namespace

TEST_F(TableFileArray, OneDatasetWithTheRowsInFront) {
    TableFile file(path, {});
    file.append("/t", {{"row", 0}, {"x", reals(0)}, {"n", integers(10)}});
    ASSERT_TRUE(file.flush());
    file.append("/t", {{"row", 1}, {"x", reals(6)}, {"n", integers(20)}});
    file.close();
    EXPECT_THAT(lockstep::io::describe_file(path), HasSubstr("/t/n  [2, 2, 2] int64"));
    EXPECT_TRUE(lockstep::io::verify_file(path).empty());
    const auto result = Hdf5File::open(path);
    EXPECT_THAT(result.extents("/t/x"), ElementsAre(2, 2, 3));
    EXPECT_THAT(result.reals("/t/x"), ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
    EXPECT_THAT(result.extents("/t/n"), ElementsAre(2, 2, 2));
    EXPECT_THAT(result.integers("/t/n"), ElementsAre(10, 11, 12, 13, 20, 21, 22, 23));
}

TEST_F(TableFileArray, LateColumnsAreBackFilled) {
    TableFile file(path, {});
    file.append("/t", {{"row", 0}});
    ASSERT_TRUE(file.flush());
    file.append("/t", {{"row", 1}});
    file.append("/t", {{"row", 2}, {"x", reals(0)}, {"n", integers(10)}});
    file.append("/t", {{"row", 3}});
    file.close();
    const auto result = Hdf5File::open(path);
    EXPECT_THAT(result.extents("/t/x"), ElementsAre(4, 2, 3));
    const auto x = result.reals("/t/x");
    EXPECT_THAT(std::vector(x.begin(), x.begin() + 12), testing::Each(IsNan()));
    EXPECT_THAT(std::vector(x.begin() + 12, x.begin() + 18), ElementsAre(0, 1, 2, 3, 4, 5));
    EXPECT_THAT(std::vector(x.begin() + 18, x.end()), testing::Each(IsNan()));
    EXPECT_THAT(result.integers("/t/n"),
                ElementsAre(-1, -1, -1, -1, -1, -1, -1, -1, 10, 11, 12, 13, -1, -1, -1, -1));
}

TEST_F(TableFileArray, AnotherShapeIsMissingWithOneWarning) {
    testing::internal::CaptureStderr();
    {
        TableFile file(path, {});
        file.append("/t", {{"x", integers(0)}});
        ASSERT_TRUE(file.flush());
        file.append("/t", {{"x", Array<std::int64_t>{{1, 2, 3, 4}, {4}}}});
        file.append("/t", {{"x", Array<std::int64_t>{{1, 2, 3}, {2, 2}}}});  // too few values
        file.append("/t", {{"x", 5}});
        file.append("/t", {{"x", reals(0)}});
        file.append("/t", {{"x", integers(6)}});
    }
    const std::string output = testing::internal::GetCapturedStderr();
    const auto first = output.find("another type or shape");
    EXPECT_NE(first, std::string::npos) << output;
    EXPECT_EQ(output.find("another type or shape", first + 1), std::string::npos) << output;
    const auto result = Hdf5File::open(path);
    EXPECT_THAT(result.extents("/t/x"), ElementsAre(6, 2, 2));
    const auto x = result.integers("/t/x");
    EXPECT_THAT(std::vector(x.begin(), x.begin() + 4), ElementsAre(0, 1, 2, 3));
    EXPECT_THAT(std::vector(x.begin() + 4, x.begin() + 20), testing::Each(-1));
    EXPECT_THAT(std::vector(x.begin() + 20, x.end()), ElementsAre(6, 7, 8, 9));
}

TEST_F(TableFileArray, WhatIsNoArrayDoesNotDecideTheColumn) {
    TableFile file(path, {});
    file.append("/t", {{"row", 0}, {"x", Array<double>{{}, {0, 3}}}});
    file.append("/t", {{"row", 1}, {"x", Array<double>{{1}, {2, 3}}}});
    file.append("/t", {{"row", 2}, {"x", reals(0)}});
    file.close();
    EXPECT_THAT(Hdf5File::open(path).extents("/t/x"), ElementsAre(3, 2, 3));
}

TEST_F(TableFileArray, IntegersServeAsFloatingValues) {
    TableFile file(path, {});
    const auto append = [&](const Cell& late, const Cell& early) {
        file.append("/t", {{"late", late}, {"early", early}});
    };
    append(integers(1), Array<double>{{0.5, 1.5, 2.5, 3.5}, {2, 2}});
    append(Array<double>{{0.5, 1.5, 2.5, 3.5}, {2, 2}}, integers(5));
    file.close();
    const auto result = Hdf5File::open(path);
    EXPECT_THAT(result.reals("/t/late"), ElementsAre(1, 2, 3, 4, 0.5, 1.5, 2.5, 3.5));
    EXPECT_THAT(result.reals("/t/early"), ElementsAre(0.5, 1.5, 2.5, 3.5, 5, 6, 7, 8));
}

TEST_F(TableFileArray, AVectorIsAnArrayOfOneAxis) {
    TableFile file(path, {});
    file.append("/t", {{"x", std::vector{1.0, 2.0}}});
    file.append("/t", {{"x", Array<double>{{3.0, 4.0}, {2}}}});
    file.close();
    const auto result = Hdf5File::open(path);
    EXPECT_THAT(result.extents("/t/x"), ElementsAre(2, 2));
    EXPECT_THAT(result.reals("/t/x"), ElementsAre(1, 2, 3, 4));
}

TEST_F(TableFileArray, ContinuesAndCutsAnExistingFile) {
    {
        TableFile file(path, {});
        for (int i = 0; i < 5; ++i)
            file.append("/t", {{"row", i}, {"x", reals(10 * i)}, {"n", integers(10 * i)}});
    }
    TableFile file(path, {.append = true});
    EXPECT_EQ(file.rows("/t"), 5U);
    file.truncate({{"/t", 2}});
    file.append("/t", {{"row", 50}});
    file.append("/t", {{"row", 60}, {"x", reals(60)}, {"n", integers(60)}});
    file.close();
    const auto result = Hdf5File::open(path);
    EXPECT_THAT(result.extents("/t/x"), ElementsAre(4, 2, 3));
    EXPECT_THAT(result.integers("/t/n"),
                ElementsAre(0, 1, 2, 3, 10, 11, 12, 13, -1, -1, -1, -1, 60, 61, 62, 63));
    const auto x = result.reals("/t/x");
    EXPECT_THAT(std::vector(x.begin() + 6, x.begin() + 12), ElementsAre(10, 11, 12, 13, 14, 15));
    EXPECT_THAT(std::vector(x.begin() + 12, x.begin() + 18), testing::Each(IsNan()));
    EXPECT_THAT(std::vector(x.begin() + 18, x.end()), ElementsAre(60, 61, 62, 63, 64, 65));
}

TEST_F(TableFileArray, GoesThroughThePendingFile) {
    const std::string pending = scratch / "run.pending.h5";
    {
        TableFile file(path, {.final_wait = std::chrono::milliseconds(50)});
        file.append("/t", {{"row", 0}, {"x", reals(0)}});
        ASSERT_TRUE(file.flush());
        const Holder holder(path);
        file.append("/t", {{"row", 1}, {"x", reals(6)}, {"n", integers(20)}});
        file.close();
    }
    EXPECT_THAT(Hdf5File::open(pending).extents("/t/n"), ElementsAre(1, 2, 2));
    TableFile(path, {.append = true}).close();
    const auto result = Hdf5File::open(path);
    EXPECT_THAT(result.extents("/t/x"), ElementsAre(2, 2, 3));
    EXPECT_THAT(result.reals("/t/x"), ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
    EXPECT_THAT(result.integers("/t/n"), ElementsAre(-1, -1, -1, -1, 20, 21, 22, 23));
}

TEST_F(TableFileArray, LongCellsAreSplitIntoChunks) {
    const std::vector<double> values(300 * 1000, 0.5);
    TableFile file(path, {});
    for (int i = 0; i < 2; ++i) file.append("/t", {{"x", Array<double>{values, {300, 1000}}}});
    file.close();
    EXPECT_TRUE(lockstep::io::verify_file(path).empty());
    const auto result = Hdf5File::open(path);
    EXPECT_THAT(result.extents("/t/x"), ElementsAre(2, 300, 1000));
    EXPECT_EQ(result.reals("/t/x"), std::vector<double>(600000, 0.5));
}

TEST_F(TableFileArray, PythonSeesTheShapes) {
    const std::string python = "/usr/bin/python3 -c '";
    if (std::system((python + "import h5py' 2> /dev/null").c_str()) != 0)
        GTEST_SKIP() << "NOT TESTED: python lacks h5py";
    TableFile file(path, {});
    for (int i = 0; i < 3; ++i) file.append("/t", {{"x", reals(i)}, {"n", integers(10 * i)}});
    file.close();
    const std::string check = "import h5py; t = h5py.File(\"" + path + "\")[\"t\"]; " +
                              "assert t[\"x\"].shape == (3, 2, 3) and t[\"x\"].dtype == \"<f8\"; " +
                              "assert t[\"n\"][2].tolist() == [[20, 21], [22, 23]]'";
    EXPECT_EQ(std::system((python + check).c_str()), 0);
}
