#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <lockstep/core/config.h>
#include <lockstep/log/identity.h>
#include <lockstep/log/level.h>

namespace lockstep::log {

/// The ranks whose lines below a warning reach the console.
struct Ranks {
    enum class Who { listed, one_per_node, all };

    Who who = Who::listed;
    std::vector<int> list = {0};  // for Who::listed

    bool include(const Identity& identity) const;
};

/// Reads "all", "node", or ranks such as "0" and "0,8". Throws ConfigError on anything else.
Ranks parse_ranks(std::string_view text);

/// Reads "500", "10MB" (powers of 1000: kB, MB, GB) or "10MiB" (powers of 1024) as bytes. Throws
/// ConfigError if it is none, or zero.
std::uint64_t parse_size(std::string_view text);

enum class Format { text, json };

/// When a log file makes place for the next one.
struct Rotation {
    std::uint64_t size = 10'000'000;  // bytes
    std::size_t keep = 5;             // older files beside the one being written
};

/// The [log] table of a job file.
struct Options {
    Level level = Level::info;
    std::map<std::string, Level, std::less<>> modules = {};  // levels of single modules, in place of `level`
    Ranks ranks = {};
    bool files = false;                   // also write <directory>/rank-0007.log, one per rank, appending
    std::string directory = "logs";       // the program puts its run directory in front
    std::optional<Rotation> rotate = {};  // for files; none: they grow
    Format format = Format::text;
    bool quiet = false;  // the console shows warnings and errors only
};

/// The options of a [log] table; a null one gives the defaults. Throws ConfigError naming file, line and key,
/// also for keys it does not know.
Options read_options(const Config& table);

}  // namespace lockstep::log
