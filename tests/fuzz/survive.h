#pragma once

#include <lockstep/core/error.h>

namespace lockstep::fuzz {

/// Bad input may end in an Error and in nothing else: other exceptions end the fuzzer.
template <typename Action>
void survive(const Action& action) {
    try {
        action();
    } catch (const Error&) {
    }
}

}  // namespace lockstep::fuzz
