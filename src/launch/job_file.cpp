#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

#include <toml++/toml.h>

#include <lockstep/core/error.h>
#include <lockstep/launch/job_file.h>

namespace lockstep {
namespace {

Config convert(const toml::node& node, const Config::Origin& at, const std::string& path);

Config::Origin origin_of(const toml::node& node, const Config::Origin& parent) {
    const auto line = static_cast<int>(node.source().begin.line);
    return {parent.file, line > 0 && parent.line > 0 ? line : parent.line};
}

/// An entry of a table: where its key stands, and what it means.
struct Entry {
    toml::source_position place;
    std::string key;
    const toml::node* value;
};

/// In the order of the file; toml++ sorts by name.
std::vector<Entry> entries_of(const toml::table& table) {
    std::vector<Entry> entries;
    for (const auto& [key, value] : table)
        entries.push_back({key.source().begin, std::string(key.str()), &value});
    std::ranges::stable_sort(
        entries, {}, [](const Entry& entry) { return std::pair(entry.place.line, entry.place.column); });
    return entries;
}

Config convert_table(const toml::table& table, const Config::Origin& at, const std::string& path) {
    Config config = Config::table();
    config.set_origin(at, path);
    for (const Entry& entry : entries_of(table)) {
        const Config::Origin origin{at.file, at.line > 0 ? static_cast<int>(entry.place.line) : 0};
        config.set(entry.key,
                   convert(*entry.value, origin, path.empty() ? entry.key : path + "." + entry.key));
    }
    return config;
}

Config convert_array(const toml::array& array, const Config::Origin& at, const std::string& path) {
    Config config = Config::array();
    config.set_origin(at, path);
    for (std::size_t i = 0; i < array.size(); ++i)
        config.push_back(convert(array[i], origin_of(array[i], at), path + "[" + std::to_string(i) + "]"));
    return config;
}

Config convert_value(const toml::node& node) {
    if (const auto* value = node.as_boolean()) return {value->get()};
    if (const auto* value = node.as_integer()) return {value->get()};
    if (const auto* value = node.as_floating_point()) return {value->get()};
    if (const auto* value = node.as_string()) return {value->get()};
    return {};
}

Config convert(const toml::node& node, const Config::Origin& at, const std::string& path) {
    if (const auto* table = node.as_table()) return convert_table(*table, at, path);
    if (const auto* array = node.as_array()) return convert_array(*array, at, path);
    Config config = convert_value(node);
    config.set_origin(at, path);
    if (config.is_null())
        config.fail("expected a string, number, boolean, array or table, got a date or time");
    return config;
}

/// For each part of a dotted key, which ends with its line, toml++ takes room on the stack.
void require_short_keys(std::string_view text, const std::string& name) {
    constexpr std::ptrdiff_t kMostDots = 10'000;
    for (std::size_t begin = 0, line = 1; begin < text.size(); ++line) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const auto dots = std::ranges::count(text.substr(begin, end - begin), '.');
        if (dots > kMostDots)
            throw ConfigError(name + ":" + std::to_string(line) + ": expected at most " +
                              std::to_string(kMostDots) + " dots in a line, got " + std::to_string(dots) +
                              "; an array may have several lines");
        begin = end + 1;
    }
}

/// Throws ConfigError if `node` has more than so many levels, each of which takes room on the stack.
void require_levels(const toml::node& node, int most, const std::string& name) {
    if (most == 0) throw ConfigError(name + ": tables and arrays are nested deeper than any key is");
    const auto look_at = [&](const toml::node& child) { require_levels(child, most - 1, name); };
    if (const auto* table = node.as_table())
        for (const auto& [key, child] : *table) look_at(child);
    if (const auto* array = node.as_array())
        for (const toml::node& child : *array) look_at(child);
}

toml::table parse(std::string_view text, const std::string& name, bool with_line) {
    constexpr int kMostLevels = 200;
    require_short_keys(text, name);
    try {
        toml::table table = toml::parse(text);
        require_levels(table, kMostLevels, name);
        return table;
    } catch (const toml::parse_error& error) {
        const auto& begin = error.source().begin;
        const std::string place =
            with_line ? ":" + std::to_string(begin.line) + ":" + std::to_string(begin.column) : "";
        throw ConfigError(name + place + ": " + std::string(error.description()));
    }
}

}  // namespace

Config parse_toml(std::string_view text, const std::string& name) {
    return convert_table(parse(text, name, true), {name, 1}, "");
}

Config parse_toml_value(std::string_view text, const std::string& name) {
    const toml::table table = parse("value = " + std::string(text), name, false);
    if (table.size() != 1 || !table.contains("value")) throw ConfigError(name + ": expected one value");
    return convert(*table.get("value"), {name, 0}, "");
}

std::string read_text(const std::filesystem::path& file) {
    std::error_code ignored;
    if (std::filesystem::is_directory(file, ignored))
        throw ConfigError(file.string() + ": expected a file, got a directory");
    std::ifstream stream(file, std::ios::binary);
    if (!stream) throw ConfigError(file.string() + ": no such file, or it cannot be read");
    return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace lockstep
