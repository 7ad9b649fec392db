#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <lockstep/comm/communicator.h>
#include <lockstep/comm/rank_status.h>
#include <lockstep/comm/stall_limits.h>
#include <lockstep/comm/topology.h>
#include <lockstep/core/error.h>

namespace lockstep {

class NodeMonitor;

/// One program's part in a parallel run: MPI from start to end, the ranks ordered node by node, and the watch
/// over the ranks of this node.
///
///     int main(int argc, char** argv) {
///         lockstep::Session session(argc, argv);
///         ...
///     }
///
/// Inside an existing MPI program: adopt_communicator() in comm/adopt.h.
class Session {
public:
    /// Starts MPI unless it runs, on all its ranks. Throws ConfigError if the launcher started several
    /// programs and MPI knows of one only: they were started side by side.
    Session(int& argc, char**& argv);
    /// A run of one rank that needs no launcher.
    Session();
    /// On ranks that somebody else brought together; duplicated. Collective.
    explicit Session(const Communicator& ranks);

    /// Ends MPI if it was started here, but never while an exception unwinds: the other ranks may be waiting
    /// for a message that will not come.
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    const Communicator& world() const { return *world_; }
    const Topology& topology() const { return topology_; }
    int rank() const { return world_->rank(); }
    int size() const { return world_->size(); }
    bool is_root() const { return rank() == 0; }
    const std::string& host() const { return host_; }

    /// Where this rank says what it is doing, for the message when it dies or stalls. The trainer does it.
    RankStatus& status() const { return *status_; }

    /// From here on this node's ranks watch over each other: the job ends on all ranks, with exit code 70,
    /// when a rank gives no sign of life or makes no progress for so long. One line says which it was, on
    /// which host, in which step, and what it was doing. On every rank. The program does it; nothing else
    /// calls it.
    void watch_stalls(StallLimits limits);

    /// Collective. All return, or all throw: if a rank gives an error, every rank throws the message and the
    /// exit code of the first such rank, and says which it was unless it was rank 0. Wrap what may fail on
    /// some ranks only.
    void agree(const Error* error) const;
    /// Collective. Runs `work`, and agrees on what it throws.
    template <typename Work>
    void together(Work&& work) const;

    /// Writes the message with rank, host and step, flushes the logs, and ends all ranks with the code.
    [[noreturn]] void abort(const std::string& message, ExitCode code) const;

private:
    void start(const Communicator& ranks);
    std::unique_ptr<Communicator> world_;
    Topology topology_;
    std::string host_;
    std::shared_ptr<RankStatus> status_;
    std::unique_ptr<NodeMonitor> monitor_;
    bool owns_mpi_ = false;
    int exceptions_at_start_ = 0;
};

/// "4.1.4 (Open MPI)"
std::string mpi_version();

template <typename Work>
void Session::together(Work&& work) const {
    try {
        work();
    } catch (const Error& error) {
        agree(&error);
    } catch (const std::exception& error) {
        const Error wrapped(error.what());
        agree(&wrapped);
    }
    agree(nullptr);
}

}  // namespace lockstep
