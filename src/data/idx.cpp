#include <algorithm>
#include <bit>
#include <limits>

#include <lockstep/core/error.h>
#include <lockstep/data/idx.h>

namespace lockstep {

namespace {

constexpr std::size_t kMostAxes = 4;
constexpr std::size_t kLargestExtent = std::size_t{1} << 31;

enum Type : std::uint8_t { kUnsigned8 = 0x08, kSigned8, kInt16 = 0x0B, kInt32, kFloat32, kFloat64 };

[[noreturn]] void fail(const std::string& name, const std::string& message) {
    throw DataError(name + ": " + message);
}

std::string hex(std::uint64_t value, int digits) {
    std::string text = "0x";
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
        text += "0123456789abcdef"[(value >> shift) & 0xF];
    return text;
}

/// `count` bytes, most significant first. Precondition: they are there.
std::uint64_t big_endian(std::span<const std::byte> bytes, std::size_t first, std::size_t count) {
    std::uint64_t value = 0;
    for (std::size_t i = first; i < first + count; ++i)
        value = value << 8 | std::to_integer<std::uint64_t>(bytes[i]);
    return value;
}

std::size_t element_size(std::uint8_t type, const std::string& name) {
    switch (type) {
        case kUnsigned8:
        case kSigned8:
            return 1;
        case kInt16:
            return 2;
        case kInt32:
        case kFloat32:
            return 4;
        case kFloat64:
            return 8;
        default:
            break;
    }
    fail(name, "expected an IDX type 0x08, 0x09, 0x0b, 0x0c, 0x0d or 0x0e in byte 3, got " + hex(type, 2));
}

float element(std::uint8_t type, std::uint64_t bits) {
    switch (type) {
        case kSigned8:
            return std::bit_cast<std::int8_t>(static_cast<std::uint8_t>(bits));
        case kInt16:
            return std::bit_cast<std::int16_t>(static_cast<std::uint16_t>(bits));
        case kInt32:
            return static_cast<float>(std::bit_cast<std::int32_t>(static_cast<std::uint32_t>(bits)));
        case kFloat32:
            return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
        default:
            return static_cast<float>(std::bit_cast<double>(bits));
    }
}

void check_magic(std::span<const std::byte> file, const std::string& name) {
    if (file.size() < 4)
        fail(name, "truncated: expected at least 4 bytes, got " + std::to_string(file.size()));
    const std::uint64_t magic = big_endian(file, 0, 4);
    if (magic >> 16 == 0x1F8B) fail(name, "is compressed with gzip twice; gunzip it once");
    if (magic >> 16 != 0)
        fail(name,
             "is no IDX file: expected two zero bytes at the beginning (MNIST: 0x00000803 or 0x00000801), "
             "got " +
                 hex(magic, 8));
}

std::size_t product(std::size_t a, std::size_t b, const std::string& name) {
    std::size_t result = 0;
    if (__builtin_mul_overflow(a, b, &result)) fail(name, "the product of the extents overflows 64 bits");
    return result;
}

}  // namespace

IdxHeader parse_idx_header(std::span<const std::byte> file, const std::string& name) {
    check_magic(file, name);
    IdxHeader header;
    header.type = std::to_integer<std::uint8_t>(file[2]);
    const std::size_t width = element_size(header.type, name);
    const auto axes = std::to_integer<std::size_t>(file[3]);
    if (axes == 0 || axes > kMostAxes)
        fail(name, "expected 1 to 4 axes in byte 4, got " + std::to_string(axes));
    header.size = 4 + 4 * axes;
    if (file.size() < header.size)
        fail(name, "truncated: expected " + std::to_string(header.size) + " bytes of header, got " +
                       std::to_string(file.size()));
    std::size_t data = width;
    for (std::size_t axis = 0; axis < axes; ++axis) {
        const std::size_t extent = big_endian(file, 4 + 4 * axis, 4);
        if (extent == 0 || extent > kLargestExtent)
            fail(name, "expected 1 to 2^31 elements along axis " + std::to_string(axis) + ", got " +
                           std::to_string(extent));
        data = product(data, extent, name);
        header.extents.push_back(extent);
    }
    if (data > std::numeric_limits<std::size_t>::max() / 2)
        fail(name, "the product of the extents overflows 64 bits");
    header.total = header.size + data;
    return header;
}

IdxArray parse_idx(std::span<const std::byte> file, const std::string& name) {
    const IdxHeader header = parse_idx_header(file, name);
    if (file.size() < header.total)
        fail(name, "truncated: expected " + std::to_string(header.total) + " bytes, got " +
                       std::to_string(file.size()));
    if (file.size() > header.total)
        fail(name, "trailing data: expected " + std::to_string(header.total) + " bytes, got more");
    const std::span<const std::byte> data = file.subspan(header.size);
    IdxArray array{.extents = header.extents, .bytes = {}, .values = {}};
    if (header.type == kUnsigned8) {
        array.bytes.resize(data.size());
        std::ranges::transform(data, array.bytes.begin(), std::to_integer<std::uint8_t>);
        return array;
    }
    const std::size_t width = element_size(header.type, name);
    array.values.resize(data.size() / width);
    for (std::size_t i = 0; i < array.values.size(); ++i)
        array.values[i] = element(header.type, big_endian(data, i * width, width));
    return array;
}

}  // namespace lockstep
