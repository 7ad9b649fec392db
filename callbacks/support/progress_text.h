#pragma once

#include <cstdint>
#include <string>

#include <lockstep/train/logs.h>

namespace lockstep {

/// Where a walk over batches is.
struct Progress {
    std::int64_t done = 0;  // batches
    std::int64_t total = 0;
    std::int64_t timed = 0;    // fewer than `done` if a run was resumed in between
    double batch_seconds = 0;  // spent on these
    double seconds = 0;        // and on what followed them, validation for one
    bool ended = false;        // nothing follows, also if fewer than `total` were done

    double seconds_per_step() const { return timed > 0 ? batch_seconds / static_cast<double>(timed) : 0.0; }
    double seconds_left() const { return static_cast<double>(total - done) * seconds_per_step(); }
};

// How Keras writes these.

/// "0.1234", or "1.2340e-04" for what is not above 0.001.
std::string metric_text(double value);
/// "12s", "3:05" or "1:02:03".
std::string duration_text(double seconds);
/// "2s/step", "3ms/step" or "40us/step".
std::string step_time_text(double seconds);
/// " - loss: 0.1234 - accuracy: 0.9012"
std::string logs_text(const Logs& logs);

/// The bar of a terminal, with colours: "120/422 ━━━━━━ 5s 3ms/step - loss: 0.1234", on the way no wider than
/// `width`: keys that find no room are left out. The time is what is left, or at the end what it took.
std::string bar_text(const Progress& progress, const Logs& logs, std::size_t width);

}  // namespace lockstep
