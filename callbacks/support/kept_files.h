#pragma once

#include <cstddef>
#include <deque>
#include <filesystem>
#include <string>
#include <vector>

namespace lockstep {

/// Names of files, of which the newest stay.
class KeptFiles {
public:
    /// `most`: how many stay; 0: all.
    explicit KeptFiles(std::size_t most) : most_(most) {}

    /// The file will be written; it is the newest now.
    void add(const std::string& name);
    /// Removes those that are too old; names are relative to `directory`. Nothing goes before the newest is
    /// there.
    void remove_old(const std::filesystem::path& directory);

    /// Oldest first.
    std::vector<std::string> names() const { return {names_.begin(), names_.end()}; }
    void set_names(const std::vector<std::string>& names) { names_.assign(names.begin(), names.end()); }

private:
    std::size_t most_;
    std::deque<std::string> names_;
};

}  // namespace lockstep
