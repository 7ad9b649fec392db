#include "run_end.h"

#include <string>

#include <fmt/format.h>

#include <lockstep/launch/run_directory.h>
#include <lockstep/log/log.h>

namespace lockstep {

ExitCode exit_code(StopCause cause) {
    switch (cause) {
        case StopCause::request:
            return ExitCode::requeue;
        case StopCause::diverged:
            return ExitCode::diverged;
        case StopCause::wish:
            break;
    }
    return ExitCode::success;
}

void tell_end(const Trainer& trainer, const History& history, const std::filesystem::path& run) {
    if (trainer.stop_cause() == StopCause::request)
        return log::info(
            "training stopped on request: {}; {} is written, to go on: lockstep train --resume {}",
            trainer.stop_reason(), stop_checkpoint(run).string(), run.string());
    std::string results;
    if (!history.epochs().empty())
        for (const std::string& key : history.keys())
            results += fmt::format(", {} {:.4g}", key, history.at(key).back());
    if (!trainer.stop_reason().empty()) log::info("training stopped: {}", trainer.stop_reason());
    const int epochs = trainer.epochs_done();
    log::info("{} {} done{}; everything is in {}", epochs, epochs == 1 ? "epoch" : "epochs", results,
              run.string());
}

}  // namespace lockstep
