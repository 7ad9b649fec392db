#include <lockstep/log/log.h>

#include "process_log.h"

namespace lockstep::log {
namespace {

void write(Level level, std::string_view module, std::string_view text, bool every_rank) {
    const auto logger = process_log().logger();
    if (!logger->passes(level, module)) return;
    logger->to_file(level, module, text);
    if (!every_rank && !logger->shows(level)) return;
    if (!process_log().hold(level, module, text)) logger->to_console(level, module, text);
}

}  // namespace

void write(Level level, std::string_view module, std::string_view text) {
    write(level, module, text, false);
}

void write_every_rank(Level level, std::string_view module, std::string_view text) {
    write(level, module, text, true);
}

void once(std::string_view key, Level level, std::string_view text) {
    if (process_log().is_first(key)) write(level, "main", text);
}

bool is_on(Level level, std::string_view module) {
    const auto logger = process_log().logger();
    return logger->passes(level, module) && (logger->has_file() || logger->shows(level));
}

}  // namespace lockstep::log
