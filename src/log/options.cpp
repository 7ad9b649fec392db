#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include <lockstep/core/error.h>
#include <lockstep/log/options.h>

namespace lockstep::log {
namespace {

constexpr std::array<std::pair<std::string_view, std::uint64_t>, 9> kUnits = {{
    {"", 1},
    {"B", 1},
    {"kB", 1'000},
    {"KB", 1'000},
    {"MB", 1'000'000},
    {"GB", 1'000'000'000},
    {"KiB", 1ULL << 10},
    {"MiB", 1ULL << 20},
    {"GiB", 1ULL << 30},
}};

/// parse(text of the entry), with the entry's place in front of what it throws.
template <typename Parse>
auto read_as(const Config& entry, Parse parse) {
    const auto text = entry.as<std::string>();
    try {
        return parse(text);
    } catch (const ConfigError& error) {
        entry.fail(error.what());
    }
}

Ranks read_ranks(const Config& entry) {
    if (entry.is_string()) return read_as(entry, parse_ranks);
    Ranks ranks;
    ranks.list = entry.is_array() ? entry.as<std::vector<int>>() : std::vector<int>{entry.as<int>()};
    if (std::ranges::any_of(ranks.list, [](int rank) { return rank < 0; })) {
        entry.fail("expected ranks from 0, got a negative one");
    }
    return ranks;
}

std::uint64_t read_size(const Config& entry) {
    if (entry.is_string()) return read_as(entry, parse_size);
    const auto bytes = entry.as<std::size_t>();
    if (bytes == 0) entry.fail("expected a size above zero, got 0");
    return bytes;
}

Rotation read_rotation(const Config& table) {
    Rotation rotation;
    if (table.contains("size")) rotation.size = read_size(table.at("size"));
    rotation.keep = table.get<std::size_t>("keep", rotation.keep);
    table.reject_unknown_keys();
    return rotation;
}

Format parse_format(std::string_view text) {
    if (text == "text") return Format::text;
    if (text == "json") return Format::json;
    throw ConfigError(fmt::format("expected \"text\" or \"json\", got '{}'", text));
}

void read_levels(const Config& table, Options& options) {
    if (table.contains("level")) options.level = read_as(table.at("level"), parse_level);
    const Config modules = table.find("modules");
    if (modules.is_null()) return;
    if (!modules.is_table()) modules.fail("expected a table such as { comm = \"debug\" }");
    for (const std::string& module : modules.keys()) {
        options.modules[module] = read_as(modules.at(module), parse_level);
    }
}

}  // namespace

bool Ranks::include(const Identity& identity) const {
    switch (who) {
        case Who::all:
            return true;
        case Who::one_per_node:
            return identity.local_rank == 0;
        case Who::listed:
            break;
    }
    return std::ranges::find(list, identity.rank) != list.end();
}

Ranks parse_ranks(std::string_view text) {
    if (text == "all") return {Ranks::Who::all, {}};
    if (text == "node") return {Ranks::Who::one_per_node, {}};
    Ranks ranks{Ranks::Who::listed, {}};
    for (const char *at = text.data(), *end = at + text.size();; ++at) {
        int rank = -1;
        const auto [stop, error] = std::from_chars(at, end, rank);
        if (error != std::errc() || rank < 0 || (stop != end && *stop != ',')) break;
        ranks.list.push_back(rank);
        if (stop == end) return ranks;
        at = stop;
    }
    throw ConfigError(
        fmt::format("expected \"all\", \"node\" or ranks such as \"0\" or \"0,8\", got '{}'", text));
}

std::uint64_t parse_size(std::string_view text) {
    std::uint64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    const std::string_view rest(stop, static_cast<std::size_t>(end - stop));
    const std::string_view name = rest.substr(std::min(rest.find_first_not_of(' '), rest.size()));
    const auto unit = std::ranges::find(kUnits, name, [](const auto& entry) { return entry.first; });
    const bool valid = error == std::errc() && number > 0 && unit != kUnits.end();
    if (!valid || number > std::numeric_limits<std::uint64_t>::max() / unit->second) {
        throw ConfigError(
            fmt::format("expected a size such as \"10MB\", \"512KiB\" or 1000000, got '{}'", text));
    }
    return number * unit->second;
}

Options read_options(const Config& table) {
    Options options;
    if (table.is_null()) return options;
    if (!table.is_table()) table.fail("expected a table such as [log] level = \"info\"");
    read_levels(table, options);
    if (table.contains("ranks")) options.ranks = read_ranks(table.at("ranks"));
    options.files = table.get<bool>("files", options.files);
    if (table.contains("format")) options.format = read_as(table.at("format"), parse_format);
    if (table.contains("rotate")) options.rotate = read_rotation(table.at("rotate"));
    options.quiet = table.get<bool>("quiet", options.quiet);
    table.reject_unknown_keys();
    return options;
}

}  // namespace lockstep::log
