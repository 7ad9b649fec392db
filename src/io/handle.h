#pragma once

#include <string>
#include <utility>

#include <hdf5.h>

#include "hdf5_check.h"

namespace lockstep::io {

/// Owns one HDF5 identifier of any kind: file, group, dataset, space, type, property list, attribute.
/// Files must be closed after everything in them: declare the file's handle first.
class Handle {
public:
    Handle() = default;
    explicit Handle(hid_t id) : id_(id) {}
    Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, H5I_INVALID_HID)) {}
    Handle& operator=(Handle&& other) noexcept {
        std::swap(id_, other.id_);
        return *this;
    }
    /// A failure is only logged: call close() where it matters.
    ~Handle();

    explicit operator bool() const { return id_ >= 0; }
    hid_t get() const { return id_; }

    /// Throws IoError if HDF5 cannot close it, which is how a full disk shows. `call`: the name for the
    /// message.
    void close(const char* call, const std::string& path);

private:
    hid_t id_ = H5I_INVALID_HID;
};

}  // namespace lockstep::io
