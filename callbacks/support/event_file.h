#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "histogram.h"
#include "png_image.h"

namespace lockstep {

/// <directory>/events.out.tfevents.<Unix time>.<host>.<process>.v2, or a name like it that no file has yet.
std::filesystem::path new_event_file(const std::filesystem::path& directory);

/// Removes the files with such names, if there are any.
void remove_event_files(const std::filesystem::path& directory);

/// One of TensorBoard's event files: TFRecords (length, checksum, data, checksum) that hold events of one
/// value. Scalars become events, and the disk works, on a thread of its own.
class EventFile {
public:
    /// Of an existing file so many bytes stay, and of these only whole records. Throws IoError.
    EventFile(const std::filesystem::path& path, std::chrono::milliseconds flush_interval,
              std::uint64_t keep);
    ~EventFile();

    /// Nothing was kept.
    bool is_new() const;
    /// Without the directory.
    std::string name() const;
    /// In bytes, after flush().
    std::uint64_t size() const;

    /// Kept with the precision of a float.
    void add_scalar(std::string_view tag, double value, std::int64_t step);
    /// Values that are not finite become a scalar <tag>_non_finite, their number.
    void add_histogram(std::string_view tag, const Histogram& histogram, std::int64_t step);
    void add_image(std::string_view tag, const Picture& picture, std::int64_t step);
    /// Markdown.
    void add_text(std::string_view tag, std::string_view text, std::int64_t step);

    /// Writes what is buffered, now. False if that failed; it is kept for the next time.
    bool flush();
    /// The same on the writing thread; returns at once.
    void flush_soon();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace lockstep
