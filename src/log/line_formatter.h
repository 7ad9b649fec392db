#pragma once

#include <memory>

#include <spdlog/formatter.h>

#include <lockstep/log/options.h>

#include "format.h"

namespace lockstep::log {

/// Turns spdlog's messages into our lines:
///     2026-03-01T09:30:00.125+01:00 warning comm [rank 2/8 node07] /dev/shm is small
/// The sinks colour the level where they write to a terminal.
class LineFormatter final : public spdlog::formatter {
public:
    LineFormatter(Format format, Identity identity, std::shared_ptr<const Progress> progress);

    void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& output) override;
    std::unique_ptr<spdlog::formatter> clone() const override;

private:
    Format format_;
    Identity identity_;
    std::shared_ptr<const Progress> progress_;
};

}  // namespace lockstep::log
