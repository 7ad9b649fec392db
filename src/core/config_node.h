#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <lockstep/core/config.h>

namespace lockstep {

/// One value of the tree that Config is a handle to.
struct ConfigNode {
    using Elements = std::vector<std::shared_ptr<ConfigNode>>;
    using Entries = std::vector<std::pair<std::string, std::shared_ptr<ConfigNode>>>;

    // The alternatives have the order of Config::Kind.
    std::variant<std::monostate, bool, std::int64_t, double, std::string, Elements, Entries> value;
    Config::Origin origin;
    std::string path;
    std::set<std::string, std::less<>> asked;  // keys of a table that somebody wanted

    Config::Kind kind() const { return static_cast<Config::Kind>(value.index()); }
    bool has_origin() const { return !origin.file.empty() || origin.line > 0; }
};

/// The value as messages call it: `the string "big"`.
std::string describe(const ConfigNode& node);

/// The shortest text that reads back as the same number, always as a floating-point one: "2.0", "1e-07".
std::string float_text(double value);

}  // namespace lockstep
