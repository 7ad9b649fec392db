#include "json_line.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace lockstep {

namespace {

bool is_plain(char letter) {
    return letter >= ' ' && letter <= '~' && letter != '"' && letter != '\\';
}

/// In quotes; what is no UTF-8 is replaced.
void append_quoted(std::string& out, std::string_view text) {
    if (std::ranges::all_of(text, is_plain))
        out.append("\"").append(text).append("\"");
    else
        out += nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

void JsonLine::begin(std::string_view key) {
    if (text_.size() > 1) text_ += ',';
    append_quoted(text_, key);
    text_ += ':';
}

void JsonLine::text(std::string_view key, std::string_view value) {
    begin(key);
    append_quoted(text_, value);
}

void JsonLine::integer(std::string_view key, std::int64_t value) {
    begin(key);
    fmt::format_to(std::back_inserter(text_), "{}", value);
}

void JsonLine::number(std::string_view key, double value) {
    begin(key);
    if (std::isfinite(value))
        fmt::format_to(std::back_inserter(text_), "{}", value);
    else
        text_ += "null";
}

void JsonLine::raw(std::string_view key, std::string_view json) {
    begin(key);
    text_ += json;
}

std::string JsonLine::finish() && {
    text_ += "}\n";
    return std::move(text_);
}

}  // namespace lockstep
