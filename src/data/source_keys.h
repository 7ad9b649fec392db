#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <lockstep/core/config.h>
#include <lockstep/core/registry.h>

/// Keys that several sources have in job files: how they are read, and what `lockstep list` says of them.
namespace lockstep::source_keys {

float scale(const Config& keys, double fallback);

/// How many samples to make. Throws ConfigError if it is 0.
std::uint64_t samples(const Config& keys);

/// Parts of synthetic data have the same seed and different streams.
std::uint64_t stream(const Config& keys);

/// What the key holds, one value or a list of them; none if it is absent. Throws ConfigError for an empty
/// list.
std::vector<Config> list(const Config& keys, const char* key);

/// The same for texts.
std::vector<std::string> names(const Config& keys, const char* key);

inline const TypeHelp::Key kFirst{"first", "all", "use only the first so many samples"};
inline const TypeHelp::Key kLayout{"layout", "channels_last",
                                   "order of the axes of images in the files, or \"channels_first\""};
inline const TypeHelp::Key kScale{"scale", "1", "factor for the inputs"};
inline const TypeHelp::Key kSeed{"seed", "0", "samples are a function of seed, part and index"};
inline const TypeHelp::Key kSamples{"samples", "required", "how many to make"};

}  // namespace lockstep::source_keys
