#include "terminal.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

#include <sys/ioctl.h>
#include <unistd.h>

namespace lockstep {

namespace {

/// Where a process writes to: "/dev/pts/3", "/home/me/job.out"; empty if that cannot be seen.
std::string output_of(long process) {
    std::error_code unseen;
    return std::filesystem::read_symlink("/proc/" + std::to_string(process) + "/fd/1", unseen).string();
}

/// 0 if there is none. The name of the process, in parentheses, may have spaces.
long parent_of(long process) {
    std::ifstream stat("/proc/" + std::to_string(process) + "/stat");
    std::string line;
    std::getline(stat, line);
    const std::size_t name_end = line.rfind(") ");
    if (name_end == std::string::npos) return 0;
    return std::strtol(line.c_str() + name_end + 4, nullptr, 10);
}

bool names_terminal(std::string_view path) {
    return path.starts_with("/dev/pts/") || path.starts_with("/dev/tty");
}

/// The first process above this one with another standard output is the launcher, or what wraps it.
bool launcher_writes_to_terminal() {
    const std::string own = output_of(getpid());
    for (long process = getppid(); process > 1; process = parent_of(process))
        if (const std::string other = output_of(process); other != own) return names_terminal(other);
    return false;
}

}  // namespace

bool output_is_terminal() {
    if (isatty(STDOUT_FILENO) == 0) return false;
    const char* type = std::getenv("TERM");
    if (type != nullptr && std::string_view(type) == "dumb") return false;
    return std::getenv("OMPI_COMM_WORLD_RANK") == nullptr || launcher_writes_to_terminal();
}

std::size_t terminal_width() {
    winsize size{};
    const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return known ? size.ws_col : 80;
}

}  // namespace lockstep
