#pragma once

#include <string>

namespace lockstep::io {

/// Why the last HDF5 call of this thread failed.
struct Hdf5Error {
    std::string text;      // one line
    int system_error = 0;  // errno, if the operating system refused something
};

/// Reads the error stack. Call it before any other HDF5 function: the next call clears the stack.
Hdf5Error last_error();

/// Keeps HDF5 from printing its error stack to stderr, on this thread.
void silence_error_printing();

/// Throws IoError("<path>: <call> failed: <why>").
[[noreturn]] void throw_hdf5_error(const char* call, const std::string& path);

/// Returns `code`, what an HDF5 function returned, unless it is negative: then throws IoError with the
/// reason.
template <typename Code>
Code check(Code code, const char* call, const std::string& path) {
    if (code < 0) throw_hdf5_error(call, path);
    return code;
}

}  // namespace lockstep::io
