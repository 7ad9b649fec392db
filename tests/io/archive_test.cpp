// What goes into an archive comes out of it; the file exists whole or not at all.
#include <cstdint>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/io/archive.h>
#include <lockstep/io/temporaries.h>

#include "hdf5_file.h"
#include "scratch.h"

using lockstep::DataError;
using lockstep::IoError;
using lockstep::Shape;
using lockstep::io::ArchiveReader;
using lockstep::io::ArchiveWriter;
using testing::AllOf;
using testing::HasSubstr;

namespace {

constexpr const char* kSchema = "lockstep.checkpoint/1";

class ArchiveTest : public testing::Test {
protected:
    const ScratchDirectory scratch;
    const std::string path = scratch / "last.h5";
};

template <typename T>
std::vector<T> ramp(std::size_t count, double step) {
    std::vector<T> values(count);
    for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<T>(static_cast<double>(i) * step);
    return values;
}

}  // namespace

TEST_F(ArchiveTest, ReturnsArraysOfAllTypesAndSizes) {
    const auto kernel = ramp<float>(700 * 1000, 0.25);  // several chunks of 1 MiB, the last one partial
    const auto slots = ramp<double>(15, 1e-9);
    const auto counts = ramp<std::int64_t>(4, 1e15);
    {
        ArchiveWriter writer(path, kSchema);
        writer.array("/weights/dense/kernel", kernel, Shape{700, 1000});
        writer.array("/optimizer/momentum/dense/bias", slots, Shape{3, 5});
        writer.array("/counts", counts, Shape{4});
        writer.array("/scalar", std::vector<float>{7.0F}, Shape{});
        writer.array("/empty", std::vector<float>{}, Shape{0});
        writer.commit();
    }
    const ArchiveReader reader(path, kSchema);
    std::vector<float> kernel_out(kernel.size());
    std::vector<double> slots_out(slots.size());
    std::vector<std::int64_t> counts_out(counts.size());
    reader.array("/weights/dense/kernel", kernel_out);
    reader.array("/optimizer/momentum/dense/bias", slots_out);
    reader.array("/counts", counts_out);
    EXPECT_EQ(kernel_out, kernel);
    EXPECT_EQ(slots_out, slots);
    EXPECT_EQ(counts_out, counts);
    EXPECT_EQ(reader.shape("/weights/dense/kernel"), (Shape{700, 1000}));
    EXPECT_EQ(reader.shape("/scalar"), Shape{});
    std::vector<float> scalar(1);
    reader.array("/scalar", scalar);
    EXPECT_EQ(scalar.front(), 7.0F);
    EXPECT_EQ(reader.shape("/empty"), Shape{0});
    EXPECT_TRUE(reader.contains("/counts"));
    EXPECT_FALSE(reader.contains("/weights"));
    EXPECT_EQ(reader.arrays("/weights"), std::vector<std::string>{"/weights/dense/kernel"});
    EXPECT_TRUE(reader.arrays("/nothing").empty());
    reader.verify();
}

TEST_F(ArchiveTest, ReturnsAttributesAndLongTexts) {
    const std::string job(100000, 'j');
    {
        ArchiveWriter writer(path, kSchema);
        writer.attribute("epoch", std::int64_t{12});
        writer.attribute("best", 0.1);
        writer.attribute("name", std::string("Köln"));
        writer.attribute("none", std::string());
        writer.attribute("job", job);
        writer.attribute("epoch", std::int64_t{13});
        writer.commit();
    }
    const ArchiveReader reader(path, kSchema);
    EXPECT_EQ(reader.integer("epoch"), 13);
    EXPECT_EQ(reader.real("best"), 0.1);
    EXPECT_EQ(reader.text("name"), "Köln");
    EXPECT_EQ(reader.text("none"), "");
    EXPECT_EQ(reader.text("job"), job);
    EXPECT_TRUE(reader.has_attribute("job"));
    EXPECT_FALSE(reader.has_attribute("other"));
    EXPECT_TRUE(reader.arrays("/").empty()) << "a text is no array";
    EXPECT_THAT(error_of<DataError>([&] { reader.text("epoch"); }), HasSubstr("another type"));
    EXPECT_THAT(error_of<DataError>([&] { reader.integer("other"); }), HasSubstr("there is none"));
}

TEST_F(ArchiveTest, WhatAKilledWriterLeftCanBeRemoved) {
    {
        ArchiveWriter writer(scratch / "lost.h5", kSchema);
        writer.attribute("epoch", std::int64_t{1});
        ASSERT_EQ(scratch.files(), 1U);
        for (const auto& entry : std::filesystem::directory_iterator(scratch.string()))
            std::filesystem::copy(entry.path(), entry.path().string() + "1");  // of another process
    }
    for (const char* mine : {"kept.h5", ".hidden.tmp", ".note.tmp.txt", "a.tmp.1"})
        std::ofstream(scratch / mine) << "kept";
    ASSERT_EQ(scratch.files(), 5U);
    lockstep::io::remove_temporaries(scratch.string());
    EXPECT_EQ(scratch.files(), 4U);
    EXPECT_TRUE(std::filesystem::exists(scratch / "a.tmp.1"));
    lockstep::io::remove_temporaries(scratch / "nowhere");
}

TEST_F(ArchiveTest, HasChecksumsAndCheckedMetadata) {
    {
        ArchiveWriter writer(path, kSchema);
        writer.array("/w", ramp<float>(10, 1), Shape{10});
        writer.commit();
    }
    EXPECT_EQ(read_bytes(path)[8], '\x03') << "superblock of the latest format";
    const auto file = Hdf5File::open(path);
    const hid_t dataset = H5Dopen2(file.id(), "/w", H5P_DEFAULT);
    const hid_t layout = H5Dget_create_plist(dataset);
    EXPECT_EQ(H5Pget_nfilters(layout), 1);
    unsigned flags = 0;
    std::size_t values = 0;
    EXPECT_EQ(H5Pget_filter2(layout, 0, &flags, &values, nullptr, 0, nullptr, nullptr),
              H5Z_FILTER_FLETCHER32);
    H5Pclose(layout);
    H5Dclose(dataset);
}

TEST_F(ArchiveTest, LeavesNothingWithoutACommit) {
    {
        ArchiveWriter writer(path, kSchema);
        EXPECT_EQ(scratch.files(), 0U) << "nothing is made before the first array";
        writer.array("/w", ramp<float>(10, 1), Shape{10});
        EXPECT_EQ(scratch.files(), 1U);
        EXPECT_FALSE(std::filesystem::exists(path));
    }
    EXPECT_EQ(scratch.files(), 0U);
}

TEST_F(ArchiveTest, ReplacesAnOlderFileOnlyAtTheCommit) {
    const auto write = [&](float value, bool commit) {
        ArchiveWriter writer(path, kSchema);
        writer.array("/w", std::vector<float>{value}, Shape{1});
        if (commit) writer.commit();
    };
    const auto value = [&] {
        std::vector<float> out(1);
        ArchiveReader(path, kSchema).array("/w", out);
        return out[0];
    };
    write(1.0F, true);
    write(2.0F, false);
    EXPECT_EQ(value(), 1.0F);
    write(3.0F, true);
    EXPECT_EQ(value(), 3.0F);
    EXPECT_EQ(scratch.files(), 1U);
}

TEST_F(ArchiveTest, RefusesWrongShapesTypesAndNames) {
    ArchiveWriter writer(path, kSchema);
    EXPECT_THAT(error_of<DataError>([&] {
                    writer.array("/w", ramp<float>(5, 1), Shape{2, 3});
                }),
                AllOf(HasSubstr("/w: 5 values"), HasSubstr("[2, 3]")));
    writer.array("/w", ramp<float>(6, 1), Shape{2, 3});
    writer.commit();
    const ArchiveReader reader(path, kSchema);
    std::vector<float> five(5);
    std::vector<double> six(6);
    EXPECT_THAT(error_of<DataError>([&] { reader.array("/w", five); }),
                HasSubstr("expected 5 values, got the extents [2, 3]"));
    EXPECT_THAT(error_of<DataError>([&] { reader.array("/w", six); }),
                HasSubstr("expected float64, got float32"));
    EXPECT_THAT(error_of<DataError>([&] { reader.array("/v", five); }), HasSubstr("the file has /w [2, 3]"));
}

TEST_F(ArchiveTest, RefusesAnotherSchemaAndAFileWithoutTheMark) {
    Hdf5File::create(path);
    EXPECT_THAT(error_of<IoError>([&] { ArchiveReader(path, kSchema); }), HasSubstr("got none"));
    {
        ArchiveWriter writer(path, "lockstep.model/1");
        writer.commit();
    }
    EXPECT_THAT(error_of<IoError>([&] { ArchiveReader(path, kSchema); }),
                AllOf(HasSubstr(kSchema), HasSubstr("got lockstep.model/1")));
    const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    H5Adelete(file, "complete");
    H5Fclose(file);
    EXPECT_THAT(error_of<IoError>([&] { ArchiveReader(path, "lockstep.model/1"); }),
                HasSubstr("\"complete\" is missing"));
}

TEST_F(ArchiveTest, NamesADirectoryThatDoesNotExist) {
    ArchiveWriter writer(scratch / "no/such/last.h5", kSchema);
    EXPECT_THAT(error_of<IoError>([&] { writer.commit(); }),
                AllOf(HasSubstr("no/such"), HasSubstr("No such file")));
}

TEST_F(ArchiveTest, WithoutASchemaTheRootIsBareAndGroupsAreLabelled) {
    const auto values = ramp<float>(6, 0.5);
    {
        ArchiveWriter writer(path, "");
        writer.group_attribute("/layers/dense/vars", "name", "dense \u00e9");
        writer.array("/layers/dense/vars/0", values, Shape{2, 3});
        writer.group_attribute("/layers/dense/vars", "name", "dense");
        writer.commit();
    }
    const ArchiveReader reader(path);
    EXPECT_FALSE(reader.has_attribute("schema"));
    EXPECT_FALSE(reader.has_attribute("complete"));
    std::vector<float> out(6);
    reader.array("/layers/dense/vars/0", out);
    EXPECT_EQ(out, values);
    EXPECT_THROW(ArchiveReader(path, kSchema), IoError);
}
