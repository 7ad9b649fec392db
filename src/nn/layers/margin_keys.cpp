#include "margin_keys.h"

#include "../option_check.h"

namespace lockstep {
namespace {

Margin read_margin(const Config& value) {
    if (!value.is_array()) return {value.as<std::size_t>(), value.as<std::size_t>()};
    if (value.size() != 2) value.fail("expected a number or a pair [before, after], got " + value.to_json());
    return {value[0].as<std::size_t>(), value[1].as<std::size_t>()};
}

}  // namespace

Margins3 expand_margins(const Margins& margins, std::size_t axes, const std::string& key) {
    check_option(margins.size() == 1 || margins.size() == axes, key,
                 "one margin, or one for each of " + std::to_string(axes) + " axes", margins.size());
    Margins3 expanded{};
    for (std::size_t i = 0; i < axes; ++i)
        expanded[3 - axes + i] = margins.size() == 1 ? margins[0] : margins[i];
    return expanded;
}

Margins read_margins(const Config& keys, const std::string& key, std::size_t axes, const Margins& fallback) {
    const Config value = keys.find(key);
    if (value.is_null()) return fallback;
    if (!value.is_array() || axes == 1) return {read_margin(value)};
    if (value.size() != axes)
        value.fail("expected a number, or a list with a number or a pair [before, after] for each of " +
                   std::to_string(axes) + " axes, got " + value.to_json());
    Margins margins;
    for (std::size_t i = 0; i < axes; ++i) margins.push_back(read_margin(value[i]));
    return margins;
}

Config margins_config(const Margins3& margins, std::size_t axes) {
    const auto pair = [](const Margin& margin) { return Config::array({margin.before, margin.after}); };
    if (axes == 1) return pair(margins[2]);
    Config list = Config::array();
    for (std::size_t i = 3 - axes; i < 3; ++i) list.push_back(pair(margins[i]));
    return list;
}

}  // namespace lockstep
