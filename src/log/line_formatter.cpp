#include "line_formatter.h"

#include <chrono>
#include <iterator>
#include <utility>

#include <spdlog/details/log_msg.h>

#include <lockstep/core/local_time.h>
#include <lockstep/core/text.h>

namespace lockstep::log {
namespace {

Line to_line(const spdlog::details::log_msg& message) {
    return {static_cast<Level>(message.level),
            {message.logger_name.data(), message.logger_name.size()},
            {message.payload.data(), message.payload.size()},
            std::chrono::duration<double>(message.time.time_since_epoch()).count()};
}

}  // namespace

LineFormatter::LineFormatter(Format format, Identity identity, std::shared_ptr<const Progress> progress)
    : format_(format), identity_(std::move(identity)), progress_(std::move(progress)) {}

void LineFormatter::format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& output) {
    const Line line = to_line(message);
    auto end = std::back_inserter(output);
    if (format_ == Format::json) {
        fmt::format_to(end, "{}\n", to_json(line, identity_, *progress_));
        return;
    }
    fmt::format_to(end, "{} ", iso_time(line.time));
    message.color_range_start = output.size();
    fmt::format_to(end, "{:<7}", level_name(line.level));
    message.color_range_end = output.size();
    fmt::format_to(end, " {} [rank {}/{} {}] {}\n", line.module, identity_.rank, identity_.size,
                   identity_.host, printable(line.text));
}

std::unique_ptr<spdlog::formatter> LineFormatter::clone() const {
    return std::make_unique<LineFormatter>(format_, identity_, progress_);
}

}  // namespace lockstep::log
