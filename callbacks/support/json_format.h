#pragma once

#include <string>

#include <lockstep/callbacks/row_format.h>

namespace lockstep {

/// Rows of a file of JSON lines: an object per event.
class JsonFormat final : public RowFormat {
public:
    std::uint64_t keep(const std::filesystem::path& file, const Config& state) override;
    void begin(io::AppendFile& file, const TrainingRun& run) override;
    void write(io::AppendFile& file, const LogRow& row) override;
    void end(io::AppendFile& file, const std::string& status, const std::string& reason) override;

private:
    std::string run_id_;  // empty: there is none
};

}  // namespace lockstep
