#include "logger.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include <fmt/format.h>
#include <spdlog/details/log_msg.h>
#include <spdlog/sinks/ansicolor_sink.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/rotating_file_sink.h>

#include <lockstep/core/error.h>

#include "line_formatter.h"

namespace lockstep::log {
namespace {

using SinkPointer = std::shared_ptr<spdlog::sinks::sink>;

spdlog::details::log_msg message(Level level, std::string_view module, std::string_view text) {
    return {{module.data(), module.size()},
            static_cast<spdlog::level::level_enum>(level),
            {text.data(), text.size()}};
}

SinkPointer open_console() {
    // `automatic` colours only where standard error is a terminal that can show it.
    const bool plain = std::getenv("NO_COLOR") != nullptr;
    return std::make_shared<spdlog::sinks::ansicolor_stderr_sink_mt>(plain ? spdlog::color_mode::never
                                                                           : spdlog::color_mode::automatic);
}

SinkPointer open_file(const Options& options, int rank) {
    if (!options.files) return nullptr;
    const auto path = std::filesystem::path(options.directory) / fmt::format("rank-{:04}.log", rank);
    try {
        if (!options.rotate) return std::make_shared<spdlog::sinks::basic_file_sink_mt>(path.string());
        return std::make_shared<spdlog::sinks::rotating_file_sink_mt>(path.string(), options.rotate->size,
                                                                      options.rotate->keep);
    } catch (const spdlog::spdlog_ex& error) {
        throw IoError(fmt::format("{}: cannot open the log file: {}", path.string(), error.what()));
    }
}

Level lowest_level(const Options& options) {
    Level lowest = options.level;
    for (const auto& [module, level] : options.modules) lowest = std::min(lowest, level);
    return lowest;
}

}  // namespace

Logger::Logger(Options options, const Identity& identity, const std::shared_ptr<const Progress>& progress)
    : options_(std::move(options)),
      chosen_(options_.ranks.include(identity)),
      lowest_(lowest_level(options_)),
      console_(open_console()),
      file_(open_file(options_, identity.rank)) {
    for (const SinkPointer& sink : {console_, file_}) {
        if (sink) sink->set_formatter(std::make_unique<LineFormatter>(options_.format, identity, progress));
    }
}

bool Logger::passes(Level level, std::string_view module) const {
    if (level < lowest_ || level == Level::off) return false;
    const auto entry = options_.modules.find(module);
    return level >= (entry == options_.modules.end() ? options_.level : entry->second);
}

bool Logger::shows(Level level) const {
    return level >= Level::warning || (chosen_ && !options_.quiet);
}

void Logger::to_console(Level level, std::string_view module, std::string_view text) {
    console_->log(message(level, module, text));
}

void Logger::to_file(Level level, std::string_view module, std::string_view text) {
    if (!file_ || file_failed_) return;
    try {
        file_->log(message(level, module, text));
        if (level >= Level::info) file_->flush();  // debug lines come in floods
    } catch (const spdlog::spdlog_ex& error) {
        give_up_file(error.what());
    }
}

void Logger::flush() noexcept {
    try {
        console_->flush();
        if (file_ && !file_failed_) file_->flush();
    } catch (const spdlog::spdlog_ex& error) {
        give_up_file(error.what());
    }
}

void Logger::give_up_file(std::string_view reason) {
    if (file_failed_.exchange(true)) return;
    to_console(Level::warning, "log",
               fmt::format("no more lines go to the log file of this rank: {}", reason));
}

}  // namespace lockstep::log
