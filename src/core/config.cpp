#include <algorithm>
#include <limits>

#include <lockstep/core/config.h>
#include <lockstep/core/error.h>

#include "config_node.h"

namespace lockstep {
namespace {

using Entries = ConfigNode::Entries;
using Elements = ConfigNode::Elements;

template <typename T>
std::shared_ptr<ConfigNode> make_node(T value) {
    auto node = std::make_shared<ConfigNode>();
    node->value = std::move(value);
    return node;
}

std::int64_t to_signed(std::size_t value) {
    if (value > static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max())) {
        throw ConfigError("expected an integer that fits 64 bits with a sign, got " + std::to_string(value));
    }
    return static_cast<std::int64_t>(value);
}

std::string entry_path(const std::string& table, std::string_view key) {
    return table.empty() ? std::string(key) : table + "." + std::string(key);
}

std::string element_path(const std::string& array, std::size_t index) {
    return array + "[" + std::to_string(index) + "]";
}

/// Visits the children of a node with the path that each should have.
template <typename Visit>
void for_each_child(const ConfigNode& node, Visit visit) {
    if (const auto* entries = std::get_if<Entries>(&node.value)) {
        for (const auto& [key, child] : *entries) visit(*child, entry_path(node.path, key));
    } else if (const auto* elements = std::get_if<Elements>(&node.value)) {
        for (std::size_t i = 0; i < elements->size(); ++i) visit(*(*elements)[i], element_path(node.path, i));
    }
}

void set_path(ConfigNode& node, const std::string& path) {
    node.path = path;
    for_each_child(node, [](ConfigNode& child, const std::string& below) { set_path(child, below); });
}

/// A value that comes from elsewhere in a file keeps saying so.
void place(ConfigNode& node, const std::string& path) {
    if (node.path.empty() || !node.has_origin()) set_path(node, path);
}

void inherit_origin(ConfigNode& node, const Config::Origin& origin) {
    for_each_child(node, [&](ConfigNode& child, const std::string&) {
        if (!child.has_origin()) child.origin = origin;
        inherit_origin(child, child.origin);
    });
}

std::string quoted_list(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "\"" : ", \"") + word + "\"";
    return text;
}

[[noreturn]] void expected(const char* what, const Config& config, const ConfigNode& node) {
    config.fail(std::string("expected ") + what + ", got " + describe(node));
}

}  // namespace

Config::Config() : node_(std::make_shared<ConfigNode>()) {}
Config::Config(bool value) : node_(make_node(value)) {}
Config::Config(int value) : node_(make_node(std::int64_t{value})) {}
Config::Config(std::int64_t value) : node_(make_node(value)) {}
Config::Config(std::size_t value) : node_(make_node(to_signed(value))) {}
Config::Config(double value) : node_(make_node(value)) {}
Config::Config(const char* value) : node_(make_node(std::string(value))) {}
Config::Config(std::string value) : node_(make_node(std::move(value))) {}
Config::Config(std::string_view value) : node_(make_node(std::string(value))) {}
Config::Config(std::shared_ptr<ConfigNode> node) : node_(std::move(node)) {}

Config Config::array(std::vector<Config> elements) {
    Config config(make_node(Elements{}));
    for (auto& element : elements) config.push_back(std::move(element));
    return config;
}

Config Config::table(std::initializer_list<std::pair<std::string, Config>> entries) {
    Config config(make_node(Entries{}));
    for (const auto& [key, value] : entries) config.set(key, value);
    return config;
}

Config::Kind Config::kind() const {
    return node_->kind();
}
const Config::Origin& Config::origin() const {
    return node_->origin;
}
const std::string& Config::path() const {
    return node_->path;
}

std::string Config::where() const {
    const auto& [file, line] = node_->origin;
    std::string text = file;
    if (line > 0) text += (file.empty() ? "line " : ":") + std::to_string(line);
    if (!text.empty() && !node_->path.empty()) text += ": ";
    return text + node_->path;
}

void Config::set_origin(const Origin& origin, const std::string& path) {
    node_->origin = origin;
    set_path(*node_, path);
    inherit_origin(*node_, origin);
}

bool Config::contains(std::string_view key) const {
    return !find(key).is_null();
}

std::vector<std::string> Config::keys() const {
    if (is_null()) return {};
    if (!is_table()) expected("a table", *this, *node_);
    std::vector<std::string> keys;
    for (const auto& [key, value] : std::get<Entries>(node_->value)) keys.push_back(key);
    return keys;
}

Config Config::at(std::string_view key) const {
    Config entry = find(key);
    if (!entry.is_null()) return entry;
    const auto close = nearest(key, keys());
    fail("the key \"" + std::string(key) + "\" is missing" + (close ? " (there is \"" + *close + "\")" : ""));
}

Config Config::find(std::string_view key) const {
    if (!is_null() && !is_table()) expected("a table", *this, *node_);
    node_->asked.emplace(key);
    if (const auto* entries = std::get_if<Entries>(&node_->value)) {
        const auto entry = std::ranges::find(*entries, key, &Entries::value_type::first);
        if (entry != entries->end()) return Config(entry->second);
    }
    Config missing;
    missing.set_origin(node_->origin, entry_path(node_->path, key));
    return missing;
}

void Config::set(const std::string& key, Config value) {
    if (!is_table()) expected("a table", *this, *node_);
    place(*value.node_, entry_path(node_->path, key));
    auto& entries = std::get<Entries>(node_->value);
    const auto entry = std::ranges::find(entries, key, &Entries::value_type::first);
    if (entry == entries.end()) {
        entries.emplace_back(key, std::move(value.node_));
    } else {
        entry->second = std::move(value.node_);
    }
}

void Config::erase(std::string_view key) {
    if (!is_table()) expected("a table", *this, *node_);
    std::erase_if(std::get<Entries>(node_->value), [&](const auto& entry) { return entry.first == key; });
}

void Config::reject_unknown_keys() const {
    if (is_null()) return;
    if (!is_table()) expected("a table", *this, *node_);
    const std::vector<std::string> known(node_->asked.begin(), node_->asked.end());
    for (const auto& [key, entry] : std::get<Entries>(node_->value)) {
        if (node_->asked.contains(key)) continue;
        const auto close = nearest(key, known);
        Config(entry).fail("unknown key; " + (close           ? "did you mean \"" + *close + "\"?"
                                              : known.empty() ? "there is nothing to set here"
                                                              : "known are " + quoted_list(known)));
    }
}

std::size_t Config::size() const {
    if (!is_array()) expected("an array", *this, *node_);
    return std::get<Elements>(node_->value).size();
}

Config Config::operator[](std::size_t index) const {
    if (!is_array()) expected("an array", *this, *node_);
    return Config(std::get<Elements>(node_->value)[index]);
}

void Config::push_back(Config element) {
    place(*element.node_, element_path(node_->path, size()));
    std::get<Elements>(node_->value).push_back(std::move(element.node_));
}

void Config::set(std::size_t index, Config value) {
    if (index >= size())
        fail("there is no element " + std::to_string(index) + " among " + std::to_string(size()));
    place(*value.node_, element_path(node_->path, index));
    std::get<Elements>(node_->value)[index] = std::move(value.node_);
}

void Config::fail(const std::string& message) const {
    const std::string place = where();
    if (place.empty()) throw ConfigError(message);
    throw PlacedConfigError(place + ": " + message);
}

}  // namespace lockstep
