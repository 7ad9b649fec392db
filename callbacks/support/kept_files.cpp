#include "kept_files.h"

#include <system_error>

namespace lockstep {

void KeptFiles::add(const std::string& name) {
    std::erase(names_, name);
    names_.push_back(name);
}

void KeptFiles::remove_old(const std::filesystem::path& directory) {
    if (most_ == 0 || names_.size() <= most_ || !std::filesystem::exists(directory / names_.back())) return;
    for (; names_.size() > most_; names_.pop_front()) {
        std::error_code gone_already;
        std::filesystem::remove(directory / names_.front(), gone_already);
    }
}

}  // namespace lockstep
