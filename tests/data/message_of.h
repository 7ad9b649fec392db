#pragma once

#include <string>

#include <lockstep/core/error.h>

namespace lockstep {

/// What a call finds wrong, if it is an error of the kind `Expected`.
template <typename Expected, typename Call>
std::string message_of(Call call) {
    try {
        call();
    } catch (const Expected& error) {
        return error.what();
    } catch (const Error& error) {
        return std::string("another kind of error: ") + error.what();
    }
    return "no error";
}

}  // namespace lockstep
