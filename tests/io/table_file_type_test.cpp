// A column has one type. What does not fit becomes missing, never a wrong number.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/io/table_file.h>

#include "hdf5_file.h"
#include "scratch.h"

using lockstep::io::Cell;
using lockstep::io::TableFile;
using testing::ElementsAre;
using testing::IsNan;

namespace {

class TableFileType : public testing::Test {
protected:
    const ScratchDirectory scratch;
    const std::string path = scratch / "run.h5";

    /// One row per cell, in the column "c" of "/t"; a flush after the first `early` of them.
    Hdf5File written(const std::vector<Cell>& cells, std::size_t early) const {
        TableFile file(path, {});
        for (std::size_t i = 0; i < cells.size(); ++i) {
            file.append("/t", {{"row", static_cast<std::int64_t>(i)}, {"c", cells[i]}});
            if (i + 1 == early) file.flush();
        }
        file.close();
        return Hdf5File::open(path);
    }
};

}  // namespace

TEST_F(TableFileType, IntegersServeAsFloatingValues) {
    EXPECT_THAT(written({0.5, 2, 3}, 1).reals("/t/c"), ElementsAre(0.5, 2.0, 3.0));
}

TEST_F(TableFileType, AnIntegerColumnWidensUntilItIsInTheFile) {
    EXPECT_THAT(written({1, 0.5}, 0).reals("/t/c"), ElementsAre(1.0, 0.5));
    EXPECT_THAT(written({1, 0.5, 7}, 1).integers("/t/c"), ElementsAre(1, -1, 7));
}

TEST_F(TableFileType, LargeIntegersAreExact) {
    const std::int64_t large = (std::int64_t{1} << 53) + 1;
    EXPECT_THAT(written({large}, 0).integers("/t/c"), ElementsAre(large));
}

TEST_F(TableFileType, OtherTypesAndWidthsBecomeMissing) {
    EXPECT_THAT(written({0.5, "x", 1.5}, 0).reals("/t/c"), ElementsAre(0.5, IsNan(), 1.5));
    EXPECT_THAT(written({std::string("x"), 0.5}, 1).texts("/t/c"), ElementsAre("x", ""));
    EXPECT_THAT(written({std::vector{1.0, 2.0}, std::vector{3.0}, std::vector{4.0, 5.0}}, 1).reals("/t/c"),
                ElementsAre(1.0, 2.0, IsNan(), IsNan(), 4.0, 5.0));
}

TEST_F(TableFileType, AnEmptyVectorDoesNotDecideTheColumn) {
    const auto file = written({std::vector<double>{}, std::vector{4.0, 5.0}}, 1);
    EXPECT_THAT(file.extents("/t/c"), ElementsAre(2, 2));
    EXPECT_THAT(file.reals("/t/c"), ElementsAre(IsNan(), IsNan(), 4.0, 5.0));
}

TEST_F(TableFileType, TextsAreAsLongAsTheLongestOfTheFirstFlush) {
    const std::string twenty(20, 'a');
    EXPECT_THAT(written({std::string("short"), twenty}, 0).texts("/t/c"), ElementsAre("short", twenty));
    EXPECT_THAT(written({std::string("short"), twenty}, 1).texts("/t/c"),
                ElementsAre("short", std::string(16, 'a')));
}

TEST_F(TableFileType, TextsAreCutBetweenCharacters) {
    const std::string fifteen(15, 'a');
    EXPECT_THAT(written({std::string(), fifteen + "ü"}, 1).texts("/t/c"), ElementsAre("", fifteen));
}

TEST_F(TableFileType, TextsThatAreAsciiAreLabelledSo) {
    const auto label = [&](const std::string& text) {
        const auto file = written({std::string("a"), text}, 0);
        const hid_t dataset = H5Dopen2(file.id(), "/t/c", H5P_DEFAULT);
        const hid_t type = H5Dget_type(dataset);
        const H5T_cset_t encoding = H5Tget_cset(type);
        H5Tclose(type);
        H5Dclose(dataset);
        return encoding;
    };
    EXPECT_EQ(label("b"), H5T_CSET_ASCII);
    EXPECT_EQ(label("ü"), H5T_CSET_UTF8);
}

TEST_F(TableFileType, ALabelledTextIsGoneOnWith) {
    EXPECT_THAT(written({std::string("a"), std::string("ü")}, 1).texts("/t/c"), ElementsAre("a", "ü"));
}

TEST_F(TableFileType, ACellNamedTwiceCountsOnce) {
    TableFile file(path, {});
    file.append("/t", {{"c", 1}, {"c", 2}});
    file.append("/t", {{"c", 3}});
    file.close();
    EXPECT_THAT(Hdf5File::open(path).integers("/t/c"), ElementsAre(1, 3));
}

TEST_F(TableFileType, WideVectorsAreSplitIntoChunks) {
    const std::vector<double> wide(300000, 0.5);
    const auto file = written({wide, wide}, 1);
    EXPECT_THAT(file.extents("/t/c"), ElementsAre(2, 300000));
    EXPECT_EQ(file.reals("/t/c"), std::vector<double>(600000, 0.5));
}
