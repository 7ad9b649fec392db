#pragma once

#include <array>
#include <string>

#include <lockstep/core/config.h>
#include <lockstep/nn/layers/margins.h>

namespace lockstep {

using Margins3 = std::array<Margin, 3>;

/// For each of three axes; none for those before the last `axes`. Throws ConfigError naming `key` unless
/// there is one margin, or one for each axis.
Margins3 expand_margins(const Margins& margins, std::size_t axes, const std::string& key);

/// As in Keras: a number, for both ends of all axes; a list with a number or a pair [before, after] for each
/// axis; of one axis, such a pair itself. `fallback` if the key is absent. Throws ConfigError.
Margins read_margins(const Config& keys, const std::string& key, std::size_t axes, const Margins& fallback);

/// A list of pairs; of one axis, a pair.
Config margins_config(const Margins3& margins, std::size_t axes);

}  // namespace lockstep
