#include "unknown_name.h"

#include <lockstep/core/config.h>
#include <lockstep/core/error.h>

namespace lockstep {

void throw_unknown_name(std::string_view kind, std::string_view name, const std::vector<std::string>& known) {
    std::string message = "there is no " + std::string(kind) + " \"" + std::string(name) + "\"";
    if (const auto near = nearest(name, known))
        throw ConfigError(message + "; did you mean \"" + *near + "\"?");
    message += "; known: ";
    for (const std::string& candidate : known)
        message += (&candidate == &known.front() ? "" : ", ") + candidate;
    throw ConfigError(message);
}

}  // namespace lockstep
