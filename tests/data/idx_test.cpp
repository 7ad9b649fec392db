#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/data/idx.h>

#include "idx_bytes.h"

namespace lockstep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Idx, KeepsBytes) {
    const IdxArray array = parse_idx(idx_bytes(0x08, {2, 1, 3}, {0, 1, 2, 127, 128, 255}), "x");
    EXPECT_THAT(array.extents, ElementsAre(2, 1, 3));
    EXPECT_THAT(array.bytes, ElementsAre(0, 1, 2, 127, 128, 255));
    EXPECT_TRUE(array.values.empty());
}

TEST(Idx, ConvertsTheOtherTypes) {
    EXPECT_THAT(parse_idx(idx_bytes(0x09, {2}, {0xFF, 0x7F}), "x").values, ElementsAre(-1.0F, 127.0F));
    EXPECT_THAT(parse_idx(idx_bytes(0x0B, {2}, {0x80, 0x00, 0x01, 0x02}), "x").values,
                ElementsAre(-32768.0F, 258.0F));
    EXPECT_THAT(parse_idx(idx_bytes(0x0C, {1}, {0xFF, 0xFF, 0xFF, 0xFE}), "x").values, ElementsAre(-2.0F));
    EXPECT_THAT(parse_idx(idx_bytes(0x0D, {1}, {0xBF, 0xC0, 0, 0}), "x").values, ElementsAre(-1.5F));
    EXPECT_THAT(parse_idx(idx_bytes(0x0E, {1}, {0x40, 0x09, 0x21, 0xFB, 0x54, 0x44, 0x2D, 0x18}), "x").values,
                ElementsAre(3.14159265F));
}

struct Malformed {
    const char* name;
    std::vector<std::byte> file;
    const char* message;
};

class MalformedIdx : public testing::TestWithParam<Malformed> {};

TEST_P(MalformedIdx, IsRefusedWithOneClearMessage) {
    try {
        parse_idx(GetParam().file, "t10k");
        FAIL() << "expected DataError: " << GetParam().message;
    } catch (const DataError& error) {
        EXPECT_THAT(error.what(), HasSubstr(GetParam().message));
        EXPECT_THAT(error.what(), testing::StartsWith("t10k: "));
    }
}

std::vector<std::byte> cut(std::vector<std::byte> file, std::size_t size) {
    file.resize(size);
    return file;
}

std::vector<std::byte> with(std::vector<std::byte> file, std::size_t place, int value) {
    file[place] = static_cast<std::byte>(value);
    return file;
}

const std::vector<std::byte> kGood = idx_bytes(0x08, {2, 2}, {1, 2, 3, 4});

INSTANTIATE_TEST_SUITE_P(
    All, MalformedIdx,
    testing::Values(
        Malformed{"Empty", {}, "truncated: expected at least 4 bytes, got 0"},
        Malformed{"HalfAMagic", cut(kGood, 3), "truncated: expected at least 4 bytes, got 3"},
        Malformed{"HalfAHeader", cut(kGood, 10), "truncated: expected 12 bytes of header, got 10"},
        Malformed{"Truncated", cut(kGood, 15), "truncated: expected 16 bytes, got 15"},
        Malformed{"Trailing", cut(kGood, 17), "trailing data: expected 16 bytes, got more"},
        Malformed{
            "Magic", with(kGood, 0, 7),
            "expected two zero bytes at the beginning (MNIST: 0x00000803 or 0x00000801), got 0x07000802"},
        Malformed{"TwiceCompressed", with(with(kGood, 0, 0x1F), 1, 0x8B), "compressed with gzip twice"},
        Malformed{"Type", with(kGood, 2, 0x0A),
                  "expected an IDX type 0x08, 0x09, 0x0b, 0x0c, 0x0d or 0x0e in byte 3, got 0x0a"},
        Malformed{"NoAxes", with(kGood, 3, 0), "expected 1 to 4 axes in byte 4, got 0"},
        Malformed{"ManyAxes", with(kGood, 3, 5), "expected 1 to 4 axes in byte 4, got 5"},
        Malformed{"EmptyAxis", idx_bytes(0x08, {2, 0}, {}),
                  "expected 1 to 2^31 elements along axis 1, got 0"},
        Malformed{"LongAxis", idx_bytes(0x08, {0x80000001U}, {}),
                  "expected 1 to 2^31 elements along axis 0, got 2147483649"},
        Malformed{"Overflow", idx_bytes(0x0E, {0x80000000U, 0x80000000U, 0x80000000U}, {}),
                  "the product of the extents overflows 64 bits"},
        Malformed{"NearOverflow", idx_bytes(0x0E, {0x80000000U, 0x40000000U}, {1}),
                  "the product of the extents overflows 64 bits"},
        Malformed{"Huge", idx_bytes(0x08, {0x80000000U, 0x80000000U}, {1}),
                  "truncated: expected 4611686018427387916 bytes, got 13"}),
    [](const auto& chosen) { return chosen.param.name; });

}  // namespace
}  // namespace lockstep
