#pragma once

#include <cstdint>

#include <lockstep/train/logs.h>

namespace lockstep {

/// What a row of a text log is about.
struct LogRow {
    enum class Event { epoch, train_batch, val_batch };

    Event event = Event::epoch;
    std::int64_t epoch = 0, batch = 0, step = 0;  // from index_base
    double time = 0;                              // Unix time, s
    double duration = 0;                          // of the epoch or batch, s
    double learning_rate = 0;                     // of the batch; of an epoch: of its last batch
    Logs logs;
    Logs batch_logs;  // of the batch alone; of an epoch: empty
};

}  // namespace lockstep
