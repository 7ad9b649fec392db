#include "handle.h"

#include <exception>

#include <lockstep/log/log.h>

namespace lockstep::io {

namespace {

/// H5Idec_ref() closes anything, but keeps the identifier of a dataset whose last write failed although the
/// dataset is gone: HDF5 then trips over it when the program ends.
herr_t close_identifier(hid_t id) {
    switch (H5Iget_type(id)) {
        case H5I_DATASET:
            return H5Dclose(id);
        case H5I_GROUP:
            return H5Gclose(id);
        case H5I_ATTR:
            return H5Aclose(id);
        case H5I_FILE:
            return H5Fclose(id);
        default:
            return H5Idec_ref(id);
    }
}

}  // namespace

Handle::~Handle() {
    if (!*this || close_identifier(id_) >= 0) return;
    try {
        log::write(log::Level::warning, "io", "HDF5 could not close an object: " + last_error().text);
    } catch (const std::exception&) {  // out of memory: there is nobody left to tell
    }
}

void Handle::close(const char* call, const std::string& path) {
    if (*this) check(close_identifier(std::exchange(id_, H5I_INVALID_HID)), call, path);
}

}  // namespace lockstep::io
