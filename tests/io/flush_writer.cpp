// A writer that the fault shim kills, the same each time: flush_writer PATH. It names in PATH.flushed, after
// each flush, how many rows are safe. Row i has number = i, text = "i" and wide: 4097 numbers i, a chunk of
// its own.
#include <chrono>
#include <cstdint>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <lockstep/io/table_file.h>

int main(int /*argc*/, char** argv) {
    constexpr int kFlushes = 6, kRows = 11;  // the index of the 65th chunk needs a second node
    lockstep::io::TableFile file(argv[1], {.flush_interval = std::chrono::hours(1)});
    std::int64_t row = 0;
    for (int flush = 0; flush < kFlushes; ++flush) {
        for (int i = 0; i < kRows; ++i, ++row) {
            const auto value = static_cast<double>(row);
            lockstep::io::Row cells{
                {"number", row}, {"text", std::to_string(row)}, {"wide", std::vector<double>(4097, value)}};
            if (flush >= 1) cells.emplace_back("late", value);
            file.append("/rows", std::move(cells));
        }
        if (flush == 2) file.append("/a/b", {{"flush", flush}});
        if (flush == 3) file.describe("/rows", "late", "rows", std::string(300, 'x'));
        if (flush == 3) file.attribute("status", std::string(300, 'x'));
        if (!file.flush()) return 1;
        std::ofstream(std::string(argv[1]) + ".flushed") << row;
    }
    file.close();
}
