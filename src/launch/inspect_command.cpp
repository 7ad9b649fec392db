#include <cstdio>
#include <string>
#include <vector>

#include <lockstep/core/text.h>
#include <lockstep/io/inspect.h>

#include "commands.h"

namespace lockstep {

ExitCode inspect_command(const Arguments& arguments) {
    std::fputs(io::describe_file(arguments.target).c_str(), stdout);
    const std::vector<std::string> problems = io::verify_file(arguments.target);
    for (const std::string& problem : problems) std::printf("wrong: %s\n", printable(problem).c_str());
    if (problems.empty()) std::puts("sound");
    return problems.empty() ? ExitCode::success : ExitCode::data;
}

}  // namespace lockstep
