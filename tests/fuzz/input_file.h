#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace lockstep::fuzz {

/// A file in memory: what reads files by their names gets an input without a disk.
class InputFile {
public:
    InputFile();
    ~InputFile();
    InputFile(const InputFile&) = delete;
    InputFile& operator=(const InputFile&) = delete;

    /// These bytes and no others are in it from now on.
    void write(std::span<const std::uint8_t> bytes) const;

    const std::string& name() const { return name_; }

private:
    int file_;
    std::string name_;
};

}  // namespace lockstep::fuzz
