#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace lockstep {

/// One JSON object on one line, built from left to right. Made for rows of logs: a number costs little.
class JsonLine {
public:
    void text(std::string_view key, std::string_view value);
    void integer(std::string_view key, std::int64_t value);
    /// The shortest text that reads back as the same number; null if it is not finite.
    void number(std::string_view key, double value);
    /// `json`: a value that is JSON already.
    void raw(std::string_view key, std::string_view json);

    /// The object and a line break.
    std::string finish() &&;

private:
    void begin(std::string_view key);

    std::string text_ = "{";
};

}  // namespace lockstep
