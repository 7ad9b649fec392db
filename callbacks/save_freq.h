#pragma once

#include <chrono>
#include <cstdint>
#include <variant>

namespace lockstep {

/// Ends of epochs: of those whose number, from 1, is a multiple of `count`.
struct Epochs {
    std::int64_t count = 1;
};

/// Ends of batches: of those whose number in the whole training, from 1, is a multiple of `count`.
struct Batches {
    std::int64_t count = 1;
};

/// When something is saved, Keras' save_freq: Epochs{5}, Batches{100}, or a time, std::chrono::minutes{10}:
/// at the first end of a batch or an epoch after so long.
using SaveFreq = std::variant<Epochs, Batches, std::chrono::duration<double>>;

}  // namespace lockstep
