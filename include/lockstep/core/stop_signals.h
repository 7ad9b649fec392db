#pragma once

#include <memory>
#include <string>

namespace lockstep {

/// While it lives, SIGTERM, SIGINT, SIGUSR1 and SIGUSR2 no longer end the process: they ask for a stop.
/// Trainer::fit then ends on all ranks, at the next place where it can be continued, with a checkpoint; one
/// rank that got a signal is enough. The handlers set a flag and do nothing else. The first SIGINT puts back
/// its default handler: a second one ends the process at once.
///
///     const lockstep::StopSignals signals;
///     trainer.fit(data, options);
///     if (trainer.stop_cause() == StopCause::request) ...
///
/// The library never makes one by itself; the program `lockstep train` does.
class StopSignals {
public:
    /// Throws Error if there is one already: handlers belong to the process.
    StopSignals();
    /// Puts back the former handlers, and forgets what came.
    ~StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;

    /// The first signal that came to this process, 0 if none did.
    static int received() noexcept;
    /// "SIGUSR1"
    static std::string name(int signal);

private:
    struct Handlers;
    std::unique_ptr<Handlers> former_;
};

}  // namespace lockstep
