#include "held_lines.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <lockstep/core/error.h>

namespace lockstep::log {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxRanges = 8;

}  // namespace

HeldLine& add_line(std::vector<HeldLine>& lines, const HeldLine& line) {
    const auto known =
        std::ranges::find_if(lines, [&](const HeldLine& other) { return other.same_words(line); });
    if (known == lines.end()) return lines.emplace_back(line);
    known->times += line.times;
    return *known;
}

std::string pack(const std::vector<HeldLine>& lines) {
    Json array = Json::array();
    for (const HeldLine& line : lines) {
        array.push_back({static_cast<int>(line.level), line.module, line.text, line.times});
    }
    return array.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::vector<HeldLine> unpack(std::string_view text) {
    std::vector<HeldLine> lines;
    try {
        for (const Json& entry : Json::parse(text)) {
            lines.push_back(
                {static_cast<Level>(entry.at(0).get<int>()), entry.at(1), entry.at(2), entry.at(3)});
        }
    } catch (const Json::exception& error) {
        throw Error(fmt::format("merged log lines: expected what MergeScope::take() returns, got '{}' ({})",
                                text, error.what()));
    }
    return lines;
}

std::string rank_ranges(const std::vector<int>& ranks) {
    std::string text;
    std::size_t ranges = 0;
    for (std::size_t first = 0; first < ranks.size(); ++ranges) {
        if (ranges == kMaxRanges) return fmt::format("{} and {} more", text, ranks.size() - first);
        std::size_t last = first;
        while (last + 1 < ranks.size() && ranks[last + 1] == ranks[last] + 1) ++last;
        text += fmt::format("{}{}", text.empty() ? "" : ", ", ranks[first]);
        if (last > first) text += fmt::format("-{}", ranks[last]);
        first = last + 1;
    }
    return text;
}

}  // namespace lockstep::log
