#include <array>
#include <cstdio>

#include <lockstep/core/text.h>

namespace lockstep {

namespace {

unsigned code_of(char c) {
    return static_cast<unsigned char>(c);
}

/// Also the second half of what UTF-8 makes of 0x80 to 0x9F, which some terminals obey too.
bool is_control(std::string_view text, std::size_t at) {
    const unsigned code = code_of(text[at]);
    if (code >= 0x80 && code < 0xA0) return at > 0 && code_of(text[at - 1]) == 0xC2;
    return code < 0x20 || code == 0x7F;
}

}  // namespace

std::string printable(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\n') {
            result += "\n    ";
        } else if (is_control(text, i) && text[i] != '\t') {
            std::array<char, 8> escape{};
            std::snprintf(escape.data(), escape.size(), "\\x%02x", code_of(text[i]));
            result += escape.data();
        } else {
            result += text[i];
        }
    }
    return result;
}

std::string shortened(std::string_view text) {
    constexpr std::size_t kLongest = 60;
    return std::string(text.substr(0, kLongest)) + (text.size() <= kLongest ? "" : "...");
}

}  // namespace lockstep
