#include "tf_record.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <system_error>

namespace lockstep {

namespace {

/// The polynomial of Castagnoli, reflected.
constexpr std::array<std::uint32_t, 256> make_crc32c_table() {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
        std::uint32_t remainder = byte;
        for (int bit = 0; bit < 8; ++bit) remainder = (remainder >> 1U) ^ ((remainder & 1U) * 0x82F63B78U);
        table[byte] = remainder;
    }
    return table;
}

/// CRC-32C, turned and shifted as TFRecords hold it.
std::uint32_t masked_checksum(std::string_view bytes) {
    static constexpr std::array<std::uint32_t, 256> kTable = make_crc32c_table();
    std::uint32_t crc = ~0U;
    for (const char byte : bytes) crc = kTable[(crc ^ static_cast<std::uint8_t>(byte)) & 0xFFU] ^ (crc >> 8U);
    crc = ~crc;
    return ((crc >> 15U) | (crc << 17U)) + 0xA282EAD8U;
}

/// Little-endian.
template <typename Unsigned>
void append_number(std::string& bytes, Unsigned number) {
    for (std::size_t i = 0; i < sizeof(Unsigned); ++i)
        bytes += static_cast<char>(static_cast<std::uint8_t>(number >> (8U * i)));
}

template <typename Unsigned>
Unsigned read_number(std::string_view bytes) {
    Unsigned number = 0;
    for (std::size_t i = 0; i < sizeof(Unsigned); ++i)
        number |= static_cast<Unsigned>(static_cast<std::uint8_t>(bytes[i])) << (8U * i);
    return number;
}

constexpr std::uint64_t kLengthBytes = 8, kChecksumBytes = 4;

}  // namespace

void make_tf_record(std::string_view data, std::string& record) {
    record.clear();
    append_number(record, std::uint64_t{data.size()});
    append_number(record, masked_checksum(record));
    record += data;
    append_number(record, masked_checksum(data));
}

std::uint64_t end_of_tf_records(const std::filesystem::path& path, std::uint64_t limit) {
    std::error_code none;
    const std::uint64_t size = std::filesystem::file_size(path, none);
    if (none) return 0;
    limit = std::min(limit, size);
    std::ifstream stream(path, std::ios::binary);
    std::array<char, kLengthBytes + kChecksumBytes> head{};
    std::uint64_t end = 0;
    while (stream.seekg(static_cast<std::streamoff>(end)).read(head.data(), head.size())) {
        const std::string_view bytes(head.data(), head.size());
        const std::string_view length = bytes.substr(0, kLengthBytes);
        if (read_number<std::uint32_t>(bytes.substr(kLengthBytes)) != masked_checksum(length)) break;
        const std::uint64_t next = end + head.size() + read_number<std::uint64_t>(length) + kChecksumBytes;
        if (next > limit) break;
        end = next;
    }
    return end;
}

}  // namespace lockstep
