#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/data/npy_source.h>

#include "counting_source.h"
#include "error_of.h"
#include "npy_bytes.h"
#include "scratch_test.h"

namespace lockstep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class NpyFormat : public ScratchTest {
protected:
    std::vector<float> elements(const std::string& file) const {
        const NpySource source({.inputs = {{{write("x.npy", bytes_of(file))}}}});
        return read_rows(source, range(0, source.size())).inputs;
    }
    std::vector<float> two(const std::string& descr, const std::string& data) const {
        return elements(npy_file(npy_dictionary(descr, "(2,)"), data));
    }
    std::string refusal(const std::string& file) const {
        return error_of<DataError>([&] { elements(file); });
    }
};

std::string text(std::initializer_list<int> bytes) {
    std::string made;
    for (const int byte : bytes) made += static_cast<char>(byte);
    return made;
}

TEST_F(NpyFormat, Integers) {
    EXPECT_THAT(two("|b1", text({1, 0})), ElementsAre(1, 0));
    EXPECT_THAT(two("|i1", text({0xFF, 0x7F})), ElementsAre(-1, 127));
    EXPECT_THAT(two("|u1", text({0xFF, 0x7F})), ElementsAre(255, 127));
    EXPECT_THAT(two("<i2", text({0xFE, 0xFF, 2, 1})), ElementsAre(-2, 258));
    EXPECT_THAT(two(">i2", text({0xFF, 0xFE, 1, 2})), ElementsAre(-2, 258));
    EXPECT_THAT(two("<u2", text({0xFE, 0xFF, 2, 1})), ElementsAre(65534, 258));
    EXPECT_THAT(two(">u2", text({0xFF, 0xFE, 1, 2})), ElementsAre(65534, 258));
    EXPECT_THAT(two("<i4", text({0xFD, 0xFF, 0xFF, 0xFF, 0, 0, 1, 0})), ElementsAre(-3, 65536));
    EXPECT_THAT(two(">i4", text({0xFF, 0xFF, 0xFF, 0xFD, 0, 1, 0, 0})), ElementsAre(-3, 65536));
    EXPECT_THAT(two(">u4", text({0x80, 0, 0, 0, 0, 0, 0, 7})), ElementsAre(2147483648.0F, 7));
    EXPECT_THAT(two("<i8", raw<std::int64_t>({-4, std::int64_t{1} << 40})),
                ElementsAre(-4, 1099511627776.0F));
    EXPECT_THAT(two(">i8", text({0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFC, 0, 0, 0, 0, 0, 0, 0, 9})),
                ElementsAre(-4, 9));
    EXPECT_THAT(two("<u8", raw<std::uint64_t>({std::uint64_t{1} << 63, 5})),
                ElementsAre(9223372036854775808.0F, 5));
}

TEST_F(NpyFormat, Floats) {
    EXPECT_THAT(two("<f2", text({0x00, 0xC0, 0x55, 0x35})), ElementsAre(-2, 0.333251953125F));
    EXPECT_THAT(two(">f2", text({0x7B, 0xFF, 0x00, 0x01})), ElementsAre(65504, 5.9604644775390625e-8F));
    EXPECT_THAT(two(">f2", text({0xFC, 0x00, 0x7E, 0x00})),
                ElementsAre(-std::numeric_limits<float>::infinity(), testing::IsNan()));
    EXPECT_THAT(two("<f4", raw<float>({0.1F, -1e30F})), ElementsAre(0.1F, -1e30F));
    EXPECT_THAT(two(">f4", text({0xBF, 0xC0, 0, 0, 0x3F, 0x80, 0, 0})), ElementsAre(-1.5F, 1));
    EXPECT_THAT(two("<f8", raw<double>({0.1, 1e-3})), ElementsAre(0.1F, 1e-3F));
    EXPECT_THAT(two(">f8", text({0x40, 0x09, 0x21, 0xFB, 0x54, 0x44, 0x2D, 0x18, 0, 0, 0, 0, 0, 0, 0, 0})),
                ElementsAre(3.14159265F, 0));
}

TEST_F(NpyFormat, VersionsAndWaysToWriteTheDictionary) {
    const std::string one = raw<float>({1, 2});
    for (const int version : {1, 2, 3})
        EXPECT_THAT(elements(npy_file(npy_dictionary("<f4", "(2,)"), one, version)), ElementsAre(1, 2));
    EXPECT_THAT(elements(npy_file(R"({"shape":(2L , 1L),"fortran_order":False,"descr":"<f4"})", one)),
                ElementsAre(1, 2));
}

struct Malformed {
    const char* name;
    std::string file;
    const char* message;
};

class MalformedNpy : public NpyFormat, public testing::WithParamInterface<Malformed> {};

TEST_P(MalformedNpy, IsRefusedWithOneClearMessage) {
    const std::string message = refusal(GetParam().file);
    EXPECT_THAT(message, HasSubstr(GetParam().message));
    EXPECT_THAT(message, testing::StartsWith(path("x.npy: ")));
}

std::string of_type(const std::string& descr) {
    return npy_file(npy_dictionary(descr, "(2,)"), "01234567");
}
std::string of_shape(const std::string& shape) {
    return npy_file(npy_dictionary("<f4", shape), "01234567");
}
const std::string kGood = of_shape("(2,)");

INSTANTIATE_TEST_SUITE_P(
    All, MalformedNpy,
    testing::Values(
        Malformed{"Empty", "", "truncated: expected 8 bytes of header, got 0"},
        Malformed{"Text", "1,2,3\n4,5,6\n", "is no NumPy file: expected \"\\x93NUMPY\" at the beginning"},
        Malformed{"Archive", "PK\3\4 and more", "is an archive of arrays (.npz): name it with `file`"},
        Malformed{"Version", npy_file(npy_dictionary("<f4", "(2,)"), "01234567", 4),
                  "expected version 1, 2 or 3 of the format, got 4"},
        Malformed{"NoLength", kGood.substr(0, 9), "truncated: expected 10 bytes of header, got 9"},
        Malformed{"HalfAHeader", kGood.substr(0, 40), "bytes of header, got 40"},
        Malformed{"AbsurdLength", std::string("\x93NUMPY\2\0\xFF\xFF\xFF\xFF", 12),
                  "expected a header of at most 10000 bytes, got 4294967295"},
        Malformed{"Truncated", kGood.substr(0, kGood.size() - 1),
                  "truncated: expected 136 bytes for an array of shape [2], got 135"},
        Malformed{"Trailing", kGood + "x",
                  "trailing data: expected 136 bytes for an array of shape [2], got 137"},
        Malformed{"NoDictionary", npy_file("nothing", ""), "damaged header: expected a {, got \"nothing"},
        Malformed{"OpenDictionary", npy_file("{'descr': '<f4', 'shape': (2", ""),
                  "damaged header: expected a )"},
        Malformed{"OpenText", npy_file("{'descr", ""),
                  "damaged header: expected the end of a text in quotes"},
        Malformed{"NoKey", npy_file("{7: 8}", ""), "damaged header: expected a text in quotes, got \"7: 8}"},
        Malformed{"UnknownKey", npy_file("{'dtype': '<f4'}", ""),
                  "damaged header: expected descr, fortran_order and shape, got dtype"},
        Malformed{"KeyMissing", npy_file("{'descr': '<f4', 'shape': (2,)}", "01234567"),
                  "damaged header: expected descr, fortran_order and shape"},
        Malformed{"NoBoolean", npy_file("{'fortran_order': 0}", ""),
                  "damaged header: expected True or False"},
        Malformed{"Fortran", npy_file("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 1)}", "01234567"),
                  "is in Fortran order, so that a sample is scattered over the whole file; save it with "
                  "numpy.save(file, numpy.ascontiguousarray(x))"},
        Malformed{"NoAxes", of_shape("()"), "expected 1 to 32 axes, the first of samples, got 0"},
        Malformed{"NoSamples", of_shape("(0, 3)"), "expected samples, got an array of shape [0, 3]"},
        Malformed{"EmptyAxis", of_shape("(3, 0)"), "expected samples, got an array of shape [3, 0]"},
        Malformed{"NegativeAxis", of_shape("(-2,)"), "expected a whole number of 0 to 2^64 - 1, got \"-2,)"},
        Malformed{"HugeAxis", of_shape("(18446744073709551616,)"),
                  "expected a whole number of 0 to 2^64 - 1"},
        Malformed{"Overflow", of_shape("(4294967296, 4294967296)"), "has more than 2^64 bytes"},
        Malformed{"NearOverflow", of_shape("(4611686018427387903,)"), "has more than 2^64 bytes"},
        Malformed{"Huge", of_shape("(1099511627776,)"), "truncated: expected 4398046511232 bytes"},
        Malformed{"Pickled", of_type("|O"),
                  "pickled Python objects are not read, as they can run any program"},
        Malformed{"Complex", of_type("<c8"), "type '<c8': expected booleans, integers or floats; complex"},
        Malformed{"LongDouble", of_type("<f16"), "save x.astype('float64')"},
        Malformed{"Texts", of_type("<U5"), "save the index of the class"},
        Malformed{"Dates", of_type("<M8[ns]"), "save numbers, such as x.astype('float32')"},
        Malformed{"NoType", of_type(""), "elements of type ''"},
        Malformed{"TwoOrders", of_type("<<f4"), "elements of type '<<f4'"},
        Malformed{"NamedFields",
                  npy_file("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,)}", "01234567"),
                  "has named fields (a structured array); save each field on its own"}),
    [](const auto& chosen) { return chosen.param.name; });

}  // namespace
}  // namespace lockstep
