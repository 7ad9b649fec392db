#include "path_template.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <lockstep/core/error.h>

namespace lockstep {

namespace {

bool is_count(const std::string& key) {
    return key == "epoch" || key == "step" || key == "batch";
}

std::int64_t count_of(const std::string& key, const PathTemplate::Counts& counts) {
    if (key == "epoch") return counts.epoch;
    return key == "step" ? counts.step : counts.batch;
}

template <typename Number>
std::string format_number(const std::string& path, const std::string& key, const std::string& format,
                          Number number) {
    try {
        return fmt::format(fmt::runtime(format), number);
    } catch (const fmt::format_error& error) {
        throw ConfigError(fmt::format("path \"{}\": the format of {} does not fit its number: {}", path, key,
                                      error.what()));
    }
}

std::string known_keys(const Logs& logs) {
    std::string keys = "epoch, step, batch";
    for (const auto& [key, value] : logs.entries()) keys += ", " + key;
    return keys;
}

}  // namespace

PathTemplate::PathTemplate(const std::string& text) : text_(text) {
    std::size_t begin = 0;
    while (begin <= text.size()) {
        const std::size_t open = std::min(text.find('{', begin), text.size());
        const std::size_t close = std::min(text.find('}', begin), text.size());
        if (close < open || (open < text.size() && close == text.size()))
            throw ConfigError("path \"" + text +
                              "\": a brace without its partner; places look like {epoch:04d}");
        Part part{.text = text.substr(begin, open - begin), .key = {}, .format = {}};
        if (open < text.size()) read_place(text.substr(open + 1, close - open - 1), part);
        parts_.push_back(std::move(part));
        begin = close + 1;
    }
}

/// Tries the format, so that a slip is not found after hours of training.
void PathTemplate::read_place(const std::string& place, Part& part) const {
    part.key = place.substr(0, place.find(':'));
    part.format = fmt::format("{{{}}}", place.substr(part.key.size()));
    if (part.key.empty())
        throw ConfigError("path \"" + text_ + "\": {} names no key; places look like {epoch:04d}");
    is_count(part.key) ? format_number(text_, part.key, part.format, std::int64_t{1})
                       : format_number(text_, part.key, part.format, 1.0);
}

std::vector<std::string> PathTemplate::log_keys() const {
    std::vector<std::string> keys;
    for (const Part& part : parts_)
        if (!part.key.empty() && !is_count(part.key)) keys.push_back(part.key);
    return keys;
}

std::string PathTemplate::render(const Counts& counts, const Logs& logs) const {
    std::string path;
    for (const Part& part : parts_) {
        path += part.text;
        if (!part.key.empty()) path += render_key(part, counts, logs);
    }
    return path;
}

std::string PathTemplate::render_key(const Part& part, const Counts& counts, const Logs& logs) const {
    if (is_count(part.key))
        return format_number(text_, part.key, part.format, count_of(part.key, counts) + 1);
    if (logs.contains(part.key)) return format_number(text_, part.key, part.format, logs.at(part.key));
    throw ConfigError(
        fmt::format("path \"{}\": there is no key \"{}\"; known: {}", text_, part.key, known_keys(logs)));
}

}  // namespace lockstep
