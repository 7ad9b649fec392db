#include "npy_header.h"

#include <algorithm>
#include <array>
#include <set>

#include <lockstep/core/error.h>
#include <lockstep/core/shape.h>

#include "python_literal.h"

namespace lockstep {

namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::uint64_t kLongestText = 10'000;  // NumPy's own limit
constexpr std::size_t kMostAxes = 32;           // as well

[[noreturn]] void fail(const std::string& where, const std::string& message) {
    throw DataError(where + ": " + message);
}

std::string read_text(const ByteReader& bytes, std::uint64_t offset, std::uint64_t count,
                      const std::string& where) {
    if (bytes.size() < offset + count)
        fail(where, "truncated: expected " + std::to_string(offset + count) + " bytes of header, got " +
                        std::to_string(bytes.size()));
    std::string text(count, '\0');
    bytes.read(offset, std::as_writable_bytes(std::span(text)));
    return text;
}

std::uint64_t little_endian(std::string_view bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
}

/// Where the dictionary lies.
struct Place {
    std::uint64_t offset;
    std::uint64_t size;
};

Place find_dictionary(const ByteReader& bytes, const std::string& where) {
    const std::string begin = read_text(bytes, 0, kMagic.size() + 2, where);
    if (begin.starts_with("PK")) fail(where, "is an archive of arrays (.npz): name it with `file`");
    if (!begin.starts_with(kMagic)) fail(where, "is no NumPy file: expected \"\\x93NUMPY\" at the beginning");
    const int version = static_cast<unsigned char>(begin[kMagic.size()]);
    if (version < 1 || version > 3)
        fail(where, "expected version 1, 2 or 3 of the format, got " + std::to_string(version));
    const std::uint64_t width = version == 1 ? 2 : 4;
    const Place place{.offset = begin.size() + width,
                      .size = little_endian(read_text(bytes, begin.size(), width, where))};
    if (place.size > kLongestText)
        fail(where, "expected a header of at most " + std::to_string(kLongestText) + " bytes, got " +
                        std::to_string(place.size));
    return place;
}

/// Fills `header` from the entry `key`, whose value comes next.
void read_entry(const std::string& key, PythonLiteral& literal, NpyHeader& header, const std::string& where) {
    if (key == "descr") {
        if (literal.skip('['))
            fail(where, "has named fields (a structured array); save each field on its own");
        header.type = parse_npy_type(literal.string(), where);
    } else if (key == "fortran_order") {
        if (literal.boolean())
            fail(where,
                 "is in Fortran order, so that a sample is scattered over the whole file; save it with "
                 "numpy.save(file, numpy.ascontiguousarray(x))");
    } else if (key == "shape") {
        header.extents = literal.extents();
    } else {
        fail(where, "damaged header: expected descr, fortran_order and shape, got " + key);
    }
}

NpyHeader parse_dictionary(const std::string& text, const std::string& where) {
    PythonLiteral literal(text, where);
    NpyHeader header;
    std::set<std::string> keys;
    literal.expect('{');
    while (!literal.skip('}')) {
        const std::string key = literal.string();
        literal.expect(':');
        read_entry(key, literal, header, where);
        keys.insert(key);
        if (literal.skip(',')) continue;
        literal.expect('}');
        break;
    }
    if (keys.size() != 3) fail(where, "damaged header: expected descr, fortran_order and shape");
    return header;
}

void check_extents(const NpyHeader& header, const std::string& where) {
    if (header.extents.empty() || header.extents.size() > kMostAxes)
        fail(where, "expected 1 to " + std::to_string(kMostAxes) + " axes, the first of samples, got " +
                        std::to_string(header.extents.size()));
    if (std::ranges::find(header.extents, 0U) != header.extents.end())
        fail(where, "expected samples, got an array of shape " + Shape(header.extents).to_string());
}

void check_size(const NpyHeader& header, std::uint64_t got, const std::string& where) {
    std::uint64_t expected = header.type.size;
    bool overflow = false;
    for (const std::size_t extent : header.extents)
        overflow = overflow || __builtin_mul_overflow(expected, extent, &expected);
    overflow = overflow || __builtin_add_overflow(expected, header.size, &expected);
    const std::string shape = Shape(header.extents).to_string();
    if (overflow) fail(where, "an array of shape " + shape + " has more than 2^64 bytes");
    if (got != expected)
        fail(where, (got < expected ? "truncated: " : "trailing data: ") + std::string("expected ") +
                        std::to_string(expected) + " bytes for an array of shape " + shape + ", got " +
                        std::to_string(got));
}

}  // namespace

NpyHeader read_npy_header(const ByteReader& bytes, const std::string& where) {
    const Place place = find_dictionary(bytes, where);
    NpyHeader header = parse_dictionary(read_text(bytes, place.offset, place.size, where), where);
    header.size = place.offset + place.size;
    check_extents(header, where);
    check_size(header, bytes.size(), where);
    return header;
}

}  // namespace lockstep
