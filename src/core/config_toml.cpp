// Writes a tree as TOML that people like to read and that reads back as the same tree: plain values, then
// tables of the first level as [sections] and arrays of tables as [[sections]], and below that
// inline tables and arrays, an array of tables with one element per line.
#include <algorithm>
#include <array>
#include <cstdio>

#include <lockstep/core/config.h>

#include "config_node.h"

namespace lockstep {
namespace {

using Elements = ConfigNode::Elements;
using Entries = ConfigNode::Entries;

bool is_control(char character) {
    return static_cast<unsigned char>(character) < 0x20 || character == 0x7F;
}

std::string string_text(const std::string& text) {
    std::string quoted = "\"";
    for (const char character : text) {
        if (character == '"' || character == '\\') {
            quoted += {'\\', character};
        } else if (character == '\n') {
            quoted += "\\n";
        } else if (character == '\t') {
            quoted += "\\t";
        } else if (is_control(character)) {
            std::array<char, 8> escape{};
            std::snprintf(escape.data(), escape.size(), "\\u%04X", static_cast<unsigned>(character));
            quoted += escape.data();
        } else {
            quoted += character;
        }
    }
    return quoted + "\"";
}

std::string key_text(const std::string& key) {
    const bool bare = !key.empty() && std::ranges::all_of(key, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '-';
    });
    return bare ? key : string_text(key);
}

bool is_null(const ConfigNode& node) {
    return node.kind() == Config::Kind::null;
}

bool is_array_of_tables(const ConfigNode& node) {
    const auto* elements = std::get_if<Elements>(&node.value);
    return elements != nullptr && !elements->empty() &&
           std::ranges::all_of(*elements,
                               [](const auto& element) { return element->kind() == Config::Kind::table; });
}

bool is_section(const ConfigNode& node) {
    return node.kind() == Config::Kind::table || is_array_of_tables(node);
}

std::string inline_text(const ConfigNode& node);

std::string inline_array(const Elements& elements) {
    std::string text;
    for (const auto& element : elements) {
        if (is_null(*element)) continue;
        text += (text.empty() ? "" : ", ") + inline_text(*element);
    }
    return "[" + text + "]";
}

std::string inline_table(const Entries& entries) {
    std::string text;
    for (const auto& [key, value] : entries) {
        if (is_null(*value)) continue;
        text += (text.empty() ? " " : ", ") + key_text(key) + " = " + inline_text(*value);
    }
    return text.empty() ? "{}" : "{" + text + " }";
}

std::string inline_text(const ConfigNode& node) {
    switch (node.kind()) {
        case Config::Kind::boolean:
            return std::get<bool>(node.value) ? "true" : "false";
        case Config::Kind::integer:
            return std::to_string(std::get<std::int64_t>(node.value));
        case Config::Kind::floating:
            return float_text(std::get<double>(node.value));
        case Config::Kind::string:
            return string_text(std::get<std::string>(node.value));
        case Config::Kind::array:
            return inline_array(std::get<Elements>(node.value));
        case Config::Kind::table:
            return inline_table(std::get<Entries>(node.value));
        case Config::Kind::null:
            break;
    }
    return "";
}

std::string one_per_line(const Elements& elements) {
    std::string text = "[\n";
    for (const auto& element : elements) text += "  " + inline_text(*element) + ",\n";
    return text + "]";
}

std::string key_value_line(const std::string& key, const ConfigNode& value) {
    const std::string text =
        is_array_of_tables(value) ? one_per_line(std::get<Elements>(value.value)) : inline_text(value);
    return key_text(key) + " = " + text + "\n";
}

std::string section(std::string_view open, const std::string& name, std::string_view close,
                    const ConfigNode& table) {
    std::string text(open);
    text.append(key_text(name)).append(close).append("\n");
    for (const auto& [key, value] : std::get<Entries>(table.value)) {
        if (!is_null(*value)) text += key_value_line(key, *value);
    }
    return text;
}

std::string document(const ConfigNode& root) {
    std::string text;
    const auto& entries = std::get<Entries>(root.value);
    for (const auto& [key, value] : entries) {
        if (!is_null(*value) && !is_section(*value)) text += key_value_line(key, *value);
    }
    const auto append = [&](const std::string& part) { text.append(text.empty() ? "" : "\n").append(part); };
    for (const auto& [key, value] : entries) {
        if (value->kind() == Config::Kind::table) {
            append(section("[", key, "]", *value));
        } else if (is_array_of_tables(*value)) {
            for (const auto& element : std::get<Elements>(value->value)) {
                append(section("[[", key, "]]", *element));
            }
        }
    }
    return text;
}

}  // namespace

std::string Config::to_toml() const {
    if (!is_table()) fail("expected a table to write as TOML, got " + describe(*node_));
    return document(*node_);
}

}  // namespace lockstep
