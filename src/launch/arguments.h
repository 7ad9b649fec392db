#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <lockstep/launch/run_directory.h>
#include <lockstep/log/options.h>

namespace lockstep {

/// --log-level, --log-ranks, -q, -v: stronger than [log].
struct LogFlags {
    std::optional<log::Level> level;
    std::optional<log::Ranks> ranks;
    bool quiet = false;
    bool verbose = false;

    log::Options apply(log::Options options) const;
};

/// The command line. Which members matter depends on the command.
struct Arguments {
    std::chrono::system_clock::time_point started = std::chrono::system_clock::now();  // of the program
    std::string command;                                                               // "train"
    std::string job;                                                                   // JOB.toml
    std::vector<std::string> overrides;                                                // --set
    RunRequest run;
    std::string target;               // DIR, CHECKPOINT or FILE
    std::string data;                 // --data
    std::string checkpoint = "last";  // --checkpoint
    std::string weights;              // --weights
    std::string format;               // --to
    std::string output;               // --output
    std::string kind, name;           // of list
    std::optional<int> ranks;         // per node, of check and summary
    bool json = false;
    LogFlags log;
};

/// What came of reading the command line: arguments, or a text to print and a code to end with.
struct ParsedArguments {
    Arguments arguments;
    std::string text;
    std::optional<int> exit_code;
};

ParsedArguments parse_arguments(int argc, const char* const* argv);

}  // namespace lockstep
