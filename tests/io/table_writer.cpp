// A writer to be killed or watched: table_writer PATH FLUSH_MS ROWS PAUSE_US SECONDS. Appends ROWS rows,
// pauses, and so on. Every row can be checked by itself: twice = 2 * step, half = step / 2, name = "step".
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <thread>

#include <lockstep/core/stopwatch.h>
#include <lockstep/io/table_file.h>

namespace {

lockstep::io::Row row_of(std::int64_t step) {
    lockstep::io::Row row{{"step", step},
                          {"twice", 2 * step},
                          {"half", 0.5 * static_cast<double>(step)},
                          {"name", std::to_string(step)}};
    for (int i = 0; i < 8; ++i) row.emplace_back("value_" + std::to_string(i), static_cast<double>(step));
    return row;
}

}  // namespace

int main(int /*argc*/, char** argv) {
    lockstep::io::TableFile file(argv[1], {.flush_interval = std::chrono::milliseconds(std::atoi(argv[2]))});
    const int rows = std::atoi(argv[3]);
    const std::chrono::microseconds pause(std::atoi(argv[4]));
    const double seconds = std::atof(argv[5]);
    const lockstep::Stopwatch timer;
    for (std::int64_t step = 0; timer.seconds() < seconds;) {
        for (int i = 0; i < rows; ++i, ++step) file.append("/train_batches", row_of(step));
        std::this_thread::sleep_for(pause);
    }
    file.close();
}
