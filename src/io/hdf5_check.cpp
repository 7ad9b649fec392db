#include "hdf5_check.h"

#include <cstdlib>
#include <string_view>

#include <hdf5.h>

#include <lockstep/core/error.h>
#include <lockstep/io/hdf5_exit.h>

namespace lockstep::io {

namespace {

herr_t collect(unsigned /*depth*/, const H5E_error2_t* entry, void* deepest) {
    auto& text = *static_cast<std::string*>(deepest);
    if (text.empty() && entry->desc != nullptr) text = entry->desc;
    return 0;
}

std::string_view between(std::string_view text, std::string_view opening, char closing) {
    const auto start = text.find(opening);
    if (start == std::string_view::npos) return {};
    text.remove_prefix(start + opening.size());
    return text.substr(0, text.find(closing));
}

/// "file write failed: time = ..., errno = 28, error message = 'No space left on device', buf = ..."
/// becomes "No space left on device (file write failed)".
Hdf5Error shorten(const std::string& description) {
    const std::string_view number = between(description, "errno = ", ',');
    const std::string_view reason = between(description, "error message = '", '\'');
    if (number.empty() || reason.empty()) return {description, 0};
    const std::string action = description.substr(0, description.find_first_of(":,"));
    return {std::string(reason) + " (" + action + ")", std::atoi(std::string(number).c_str())};
}

}  // namespace

Hdf5Error last_error() {
    std::string
        deepest;  // the innermost function knows the reason; those above only say that they failed too
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, collect, &deepest);
    if (deepest.empty()) return {"HDF5 gives no reason", 0};
    return shorten(deepest);
}

void silence_error_printing() {
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

void skip_hdf5_exit() {
    H5dont_atexit();
}

void throw_hdf5_error(const char* call, const std::string& path) {
    throw IoError(path + ": " + call + " failed: " + last_error().text);
}

}  // namespace lockstep::io
