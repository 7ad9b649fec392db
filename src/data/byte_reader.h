#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace lockstep {

/// A file, or a member of an archive, that is read at any place. One thread at a time may use it.
class ByteReader {
public:
    virtual ~ByteReader() = default;

    virtual std::uint64_t size() const = 0;

    /// Fills `out` with the bytes from `offset` on. Throws IoError, or DataError if the file is damaged there
    /// or has become shorter. Precondition: offset + out.size() <= size().
    virtual void read(std::uint64_t offset, std::span<std::byte> out) const = 0;
};

/// Throws IoError if the file cannot be opened.
std::unique_ptr<ByteReader> open_file_bytes(const std::string& file);

/// A member of a zip archive. One that is stored is read where it lies; a compressed one is inflated into
/// memory as far as it has been asked for. Throws IoError if the archive cannot be opened, or DataError if it
/// is damaged, or has no such member (lists those it has).
std::unique_ptr<ByteReader> open_member_bytes(const std::string& archive, const std::string& member);

}  // namespace lockstep
