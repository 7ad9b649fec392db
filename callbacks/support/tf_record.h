#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace lockstep {

/// TensorFlow's framing of records in a file: the length of the data (8 bytes, little-endian), a checksum of
/// the length, the data, a checksum of the data. Checksums are CRC-32C, turned and shifted.
///
/// `record` becomes that of `data`; its memory is used again.
void make_tf_record(std::string_view data, std::string& record);

/// Where the last whole record ends of those in the first `limit` bytes of the file; 0 if there is none.
std::uint64_t end_of_tf_records(const std::filesystem::path& path, std::uint64_t limit);

}  // namespace lockstep
