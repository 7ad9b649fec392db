#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <type_traits>

#include <lockstep/core/config.h>
#include <lockstep/core/text.h>

#include "config_node.h"

namespace lockstep {
namespace {

template <typename T>
inline constexpr bool kIsVector = false;
template <typename T>
inline constexpr bool kIsVector<std::vector<T>> = true;

template <typename T>
std::string expected_kind(const ConfigNode& node) {
    if constexpr (std::is_same_v<T, bool>) return "true or false";
    if constexpr (std::is_same_v<T, std::size_t>) return "an integer of at least 0";
    if constexpr (std::is_integral_v<T>) {
        if (node.kind() != Config::Kind::integer) return "an integer";
        using Limits = std::numeric_limits<T>;
        return "an integer from " + std::to_string(Limits::min()) + " to " + std::to_string(Limits::max());
    }
    if constexpr (std::is_floating_point_v<T>) return "a number";
    if constexpr (std::is_same_v<T, std::string>) return "a string";
    return "an array";
}

template <typename T>
std::optional<T> integer_value(const ConfigNode& node) {
    const auto* integer = std::get_if<std::int64_t>(&node.value);
    if (integer == nullptr || !std::in_range<T>(*integer)) return std::nullopt;
    return static_cast<T>(*integer);
}

std::optional<double> floating_value(const ConfigNode& node) {
    if (const auto* floating = std::get_if<double>(&node.value)) return *floating;
    if (const auto* integer = std::get_if<std::int64_t>(&node.value)) return static_cast<double>(*integer);
    const auto* text = std::get_if<std::string>(&node.value);
    if (text == nullptr) return std::nullopt;
    if (*text == "NaN") return std::numeric_limits<double>::quiet_NaN();
    if (*text == "Infinity") return std::numeric_limits<double>::infinity();
    if (*text == "-Infinity") return -std::numeric_limits<double>::infinity();
    return std::nullopt;
}

template <typename T>
std::optional<T> scalar_value(const ConfigNode& node) {
    if constexpr (std::is_floating_point_v<T>) {
        return floating_value(node);
    } else if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
        return integer_value<T>(node);
    } else {
        const auto* value = std::get_if<T>(&node.value);
        return value == nullptr ? std::nullopt : std::optional<T>(*value);
    }
}

bool same_values(const ConfigNode& a, const ConfigNode& b);

bool same_entries(const ConfigNode::Entries& a, const ConfigNode::Entries& b) {
    return a.size() == b.size() && std::ranges::all_of(a, [&](const auto& entry) {
               const auto other = std::ranges::find(b, entry.first, &ConfigNode::Entries::value_type::first);
               return other != b.end() && same_values(*entry.second, *other->second);
           });
}

bool same_values(const ConfigNode& a, const ConfigNode& b) {
    if (const auto* left = std::get_if<ConfigNode::Entries>(&a.value)) {
        const auto* right = std::get_if<ConfigNode::Entries>(&b.value);
        return right != nullptr && same_entries(*left, *right);
    }
    if (const auto* left = std::get_if<ConfigNode::Elements>(&a.value)) {
        const auto* right = std::get_if<ConfigNode::Elements>(&b.value);
        return right != nullptr && std::ranges::equal(*left, *right, [](const auto& x, const auto& y) {
                   return same_values(*x, *y);
               });
    }
    if (a.kind() == b.kind() && a.kind() != Config::Kind::floating) return a.value == b.value;
    if (a.kind() == Config::Kind::string || b.kind() == Config::Kind::string) return false;
    const auto left = floating_value(a);
    const auto right = floating_value(b);
    return left && right && (*left == *right || (std::isnan(*left) && std::isnan(*right)));
}

}  // namespace

std::string float_text(double value) {
    if (std::isnan(value)) return "nan";
    if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
    char buffer[32];
    const auto end = std::to_chars(std::begin(buffer), std::end(buffer), value).ptr;
    const std::string text(buffer, end);
    return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

std::string describe(const ConfigNode& node) {
    switch (node.kind()) {
        case Config::Kind::boolean:
            return std::get<bool>(node.value) ? "true" : "false";
        case Config::Kind::integer:
            return "the integer " + std::to_string(std::get<std::int64_t>(node.value));
        case Config::Kind::floating:
            return "the number " + float_text(std::get<double>(node.value));
        case Config::Kind::string:
            return "the string \"" + shortened(std::get<std::string>(node.value)) + "\"";
        case Config::Kind::array:
            return "an array";
        case Config::Kind::table:
            return "a table";
        case Config::Kind::null:
            break;
    }
    return "nothing";
}

template <typename T>
T Config::as() const {
    if constexpr (std::is_same_v<T, Config>) {
        return *this;
    } else if constexpr (kIsVector<T>) {
        if (is_array()) {
            T values;
            for (std::size_t i = 0; i < size(); ++i)
                values.push_back((*this)[i].as<typename T::value_type>());
            return values;
        }
    } else if (auto value = scalar_value<T>(*node_)) {
        return *std::move(value);
    }
    fail("expected " + expected_kind<T>(*node_) + ", got " + describe(*node_));
}

bool Config::operator==(const Config& other) const {
    return same_values(*node_, *other.node_);
}

template bool Config::as<bool>() const;
template int Config::as<int>() const;
template std::int64_t Config::as<std::int64_t>() const;
template std::size_t Config::as<std::size_t>() const;
template double Config::as<double>() const;
template std::string Config::as<std::string>() const;
template Config Config::as<Config>() const;
template std::vector<bool> Config::as<std::vector<bool>>() const;
template std::vector<int> Config::as<std::vector<int>>() const;
template std::vector<std::int64_t> Config::as<std::vector<std::int64_t>>() const;
template std::vector<std::size_t> Config::as<std::vector<std::size_t>>() const;
template std::vector<double> Config::as<std::vector<double>>() const;
template std::vector<std::string> Config::as<std::vector<std::string>>() const;

}  // namespace lockstep
