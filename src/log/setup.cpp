#include <lockstep/log/merge.h>
#include <lockstep/log/setup.h>

#include "process_log.h"

namespace lockstep::log {

void configure(const Options& options, const Identity& identity) {
    process_log().configure(options, identity);
}

void set_identity(const Identity& identity) {
    process_log().set_identity(identity);
}

void set_progress(std::int64_t epoch, std::int64_t step) {
    process_log().progress().epoch = epoch;
    process_log().progress().step = step;
}

void flush() noexcept {
    process_log().logger()->flush();
}

void shutdown() noexcept {
    flush_pending();
    flush();
    process_log().close_file();
}

}  // namespace lockstep::log
