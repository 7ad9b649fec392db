#pragma once

#include <lockstep/callbacks/learning_rate_scheduler.h>
#include <lockstep/core/config.h>

namespace lockstep {

/// The schedule of a job file, of the epoch alone:
///
///     [[3, 0.05], [6, 0.01]]     each rate from its epoch on; the optimizer's before the first
///     { type = "...", ... }      with i = initial_learning_rate, p = epoch / decay_epochs:
///       exponential_decay        i * decay_rate ^ p                    p rounded down if `staircase`
///       step_decay               i * decay_rate ^ floor(p)
///       inverse_time_decay       i / (1 + decay_rate * p)              p rounded down if `staircase`
///       polynomial_decay         (i - end_learning_rate) * (1 - p) ^ power + end_learning_rate;
///                                p <= 1, or with `cycle` decay_epochs times the next whole number
///       cosine_decay             i * ((1 - alpha) * (1 + cos(pi p)) / 2 + alpha), p <= 1; with
///                                warmup_epochs linearly to warmup_target before, and from there
///
/// Formulas: Keras' LearningRateSchedule classes. Throws ConfigError naming the place.
LearningRateSchedule read_schedule(const Config& setting);

}  // namespace lockstep
