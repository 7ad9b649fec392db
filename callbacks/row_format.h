#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include <lockstep/callbacks/log_row.h>
#include <lockstep/core/config.h>
#include <lockstep/io/append_file.h>
#include <lockstep/train/training_run.h>

namespace lockstep {

/// How a text log looks: what a TextLogger of one's own is given. Rows are written on any thread, one call at
/// a time.
class RowFormat {
public:
    virtual ~RowFormat() = default;

    /// How many bytes of an existing file stay: here its whole lines, up to the checkpoint. `state` is that
    /// of the checkpoint, with `bytes`, the size of the file; null: `append` was asked for. Throws IoError,
    /// DataError.
    virtual std::uint64_t keep(const std::filesystem::path& file, const Config& state);
    /// The file is open, and holds what stayed. A resumed run begins too.
    virtual void begin(io::AppendFile& /*file*/, const TrainingRun& /*run*/) {}
    /// Appends the row, line break included, in one call.
    virtual void write(io::AppendFile& file, const LogRow& row) = 0;
    /// After the last row. `status`: finished, stopped, failed.
    virtual void end(io::AppendFile& /*file*/, const std::string& /*status*/, const std::string& /*reason*/) {
    }
    /// Adds to the state of a checkpoint what keep() needs besides the size of the file.
    virtual void add_to(Config& /*state*/) const {}
};

}  // namespace lockstep
