#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <lockstep/log/level.h>

namespace lockstep::log {

/// A line kept back, and how often it was said.
struct HeldLine {
    Level level;
    std::string module;
    std::string text;
    std::size_t times = 1;

    bool same_words(const HeldLine& other) const {
        return level == other.level && module == other.module && text == other.text;
    }
};

/// Adds the line, or its count to the one with the same words.
HeldLine& add_line(std::vector<HeldLine>& lines, const HeldLine& line);

/// As text that another rank can read.
std::string pack(const std::vector<HeldLine>& lines);
/// Throws Error if `text` does not come from pack().
std::vector<HeldLine> unpack(std::string_view text);

/// "0, 2-6"; of many scattered ranks the first, and how many more there are. Precondition: ascending.
std::string rank_ranges(const std::vector<int>& ranks);

}  // namespace lockstep::log
