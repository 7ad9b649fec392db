#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <lockstep/core/config.h>

#include "config_node.h"

namespace lockstep {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kDeepest = 200;  // a model of residual blocks in each other has some 10 levels

Config from_node(const Json& json) {
    switch (json.type()) {
        case Json::value_t::boolean:
            return json.get<bool>();
        case Json::value_t::number_integer:
            return json.get<std::int64_t>();
        case Json::value_t::number_unsigned:
            return json.get<std::size_t>();
        case Json::value_t::number_float:
            return json.get<double>();
        case Json::value_t::string:
            return json.get<std::string>();
        case Json::value_t::array: {
            Config array = Config::array();
            for (const auto& element : json) array.push_back(from_node(element));
            return array;
        }
        case Json::value_t::object: {
            Config table = Config::table();
            for (const auto& [key, value] : json.items()) table.set(key, from_node(value));
            return table;
        }
        default:
            return {};
    }
}

/// JSON has no words for these; as<double>() knows the strings.
Json float_to_json(double value) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
    return value;
}

Json to_node(const ConfigNode& node) {
    switch (node.kind()) {
        case Config::Kind::null:
            return nullptr;
        case Config::Kind::boolean:
            return std::get<bool>(node.value);
        case Config::Kind::integer:
            return std::get<std::int64_t>(node.value);
        case Config::Kind::floating:
            return float_to_json(std::get<double>(node.value));
        case Config::Kind::string:
            return std::get<std::string>(node.value);
        case Config::Kind::array: {
            Json array = Json::array();
            for (const auto& element : std::get<ConfigNode::Elements>(node.value))
                array.push_back(to_node(*element));
            return array;
        }
        case Config::Kind::table: {
            Json object = Json::object();
            for (const auto& [key, value] : std::get<ConfigNode::Entries>(node.value))
                object[key] = to_node(*value);
            return object;
        }
    }
    return nullptr;
}

/// "[json.exception.parse_error.101] parse error at line 3, column 5: syntax error ..." without what
/// stands before the last part.
std::string parser_message(const std::string& text) {
    const auto start = text.find(": ");
    return start == std::string::npos ? text : text.substr(start + 2);
}

int line_of(std::string_view text, std::size_t byte) {
    const auto before = text.substr(0, byte == 0 ? 0 : byte - 1);
    return 1 + static_cast<int>(std::ranges::count(before, '\n'));
}

}  // namespace

Config Config::from_json(std::string_view text, const std::string& name) {
    Config place;
    place.set_origin({.file = name}, "");
    const auto limit_depth = [&](int depth, Json::parse_event_t /*event*/, const Json& /*parsed*/) {
        if (depth > kDeepest)
            place.fail(fmt::format("expected JSON of at most {} levels, got more", kDeepest));
        return true;
    };
    try {
        Config config = from_node(Json::parse(text, limit_depth));
        config.set_origin({.file = name}, "");
        return config;
    } catch (const Json::parse_error& error) {
        place.set_origin({.file = name, .line = line_of(text, error.byte)}, "");
        place.fail("expected JSON: " + parser_message(error.what()));
    }
}

std::string Config::to_json(int indent) const {
    return to_node(*node_).dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace lockstep
