#pragma once

#include <string>

#include "scratch_directory.h"

namespace lockstep::fuzz {

/// An HDF5 file that hostile files point at. Nobody may open it.
class OtherFile {
public:
    OtherFile();
    ~OtherFile();
    OtherFile(const OtherFile&) = delete;
    OtherFile& operator=(const OtherFile&) = delete;

    const std::string& name() const { return name_; }

    /// Forgets who opened it so far: HDF5 may, while it makes a file.
    void forget() const { was_opened(); }
    /// Ends the program if anybody opened the file since.
    void require_untouched() const;

private:
    bool was_opened() const;

    ScratchDirectory directory_;
    std::string name_;
    int events_;
};

}  // namespace lockstep::fuzz
