#pragma once

#include <string>
#include <string_view>

namespace lockstep {

/// The text with everything that could move a cursor written as \x1b, and further lines indented: what files
/// say cannot change what a terminal shows of others.
std::string printable(std::string_view text);

/// The beginning of a text that may be long, for messages: "a text of ...".
std::string shortened(std::string_view text);

}  // namespace lockstep
