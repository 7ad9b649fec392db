#pragma once

#include <string>

#include <gtest/gtest.h>

namespace lockstep {

/// The message of what `action` throws; fails the test if it throws no such thing.
template <typename Exception, typename Action>
std::string error_of(const Action& action) {
    try {
        action();
    } catch (const Exception& error) {
        return error.what();
    }
    ADD_FAILURE() << "nothing was thrown";
    return "";
}

}  // namespace lockstep
