#include <array>
#include <cstdlib>
#include <exception>

#include <fmt/format.h>
#include <unistd.h>

#include <lockstep/comm/adopt.h>
#include <lockstep/comm/session.h>
#include <lockstep/log/identity.h>
#include <lockstep/log/log.h>
#include <lockstep/log/setup.h>

#include "mpi_check.h"
#include "mpi_handle.h"
#include "node_monitor.h"

namespace lockstep {

namespace {

std::string host_name() {
    std::array<char, 256> name{};
    gethostname(name.data(), name.size() - 1);
    return name.data();
}

bool mpi_runs() {
    int started = 0;
    MPI_Initialized(&started);
    return started != 0;
}

void start_mpi(int* argc, char*** argv) {
    int provided = 0;
    check_mpi(MPI_Init_thread(argc, argv, MPI_THREAD_FUNNELED, &provided), "MPI_Init_thread");
    if (provided < MPI_THREAD_FUNNELED)
        throw MpiError("this MPI does not allow threads beside the one that calls it");
}

/// Several programs with a world of one rank each would train side by side and overwrite each other's files.
void refuse_separate_starts(const log::Identity& launched, int world_size) {
    if (world_size > 1 || launched.size <= 1) return;
    throw ConfigError(fmt::format(
        "the launcher started {} processes, but MPI sees one: they run side by side instead of together. "
        "Start them with srun --mpi=pmix, or with the mpirun of the MPI that this program was built with "
        "({}).",
        launched.size, mpi_version()));
}

/// The same ranks, numbered node by node; rank 0 stays rank 0.
Communicator order_by_nodes(const Communicator& world) {
    const int first = world.split_by_node().broadcast_value(world.rank());
    return world.split(0, first);  // equal keys keep their old order
}

}  // namespace

Session::Session(int& argc, char**& argv) {
    const log::Identity launched = log::early_identity();  // MPI_Init changes what the environment says
    if (!mpi_runs()) {
        start_mpi(&argc, &argv);
        owns_mpi_ = true;
    }
    start(adopt_communicator(MPI_COMM_WORLD));
    refuse_separate_starts(launched, size());
}

Session::Session() {
    if (!mpi_runs()) {
        start_mpi(nullptr, nullptr);
        owns_mpi_ = true;
    }
    start(adopt_communicator(MPI_COMM_SELF));
}

Session::Session(const Communicator& ranks) {
    start(ranks.duplicate());
}

void Session::start(const Communicator& ranks) {
    exceptions_at_start_ = std::uncaught_exceptions();
    host_ = host_name();
    status_ = std::make_shared<RankStatus>();
    world_ = std::make_unique<Communicator>(order_by_nodes(ranks));
    world_->report_to(status_);
    topology_ = Topology::of_nodes(*world_);
    const char* job = std::getenv("SLURM_JOB_ID");
    log::set_identity({.rank = rank(),
                       .size = size(),
                       .node = topology_.node,
                       .local_rank = topology_.local_rank,
                       .host = host_,
                       .run_id = "",
                       .slurm_job = job != nullptr ? job : ""});
    monitor_ = std::make_unique<NodeMonitor>(topology_, *status_, host_, [comm = world_->handle().comm] {
        MPI_Abort(comm, static_cast<int>(ExitCode::stalled));
    });
}

Session::~Session() {
    const bool unwinding = std::uncaught_exceptions() > exceptions_at_start_;
    monitor_.reset();
    topology_ = {};
    world_.reset();
    if (owns_mpi_ && !unwinding) MPI_Finalize();
}

void Session::watch_stalls(StallLimits limits) {
    monitor_->watch_stalls(limits);
}

void Session::agree(const Error* error) const {
    const std::int64_t first = world().minimum(error != nullptr ? rank() : size());
    if (first == size()) return;
    const int speaker = static_cast<int>(first);
    const std::string message =
        world().broadcast(rank() == speaker ? std::string(error->what()) : "", speaker);
    const auto code =
        world().broadcast_value(rank() == speaker ? error->exit_code() : ExitCode::failure, speaker);
    throw_error(speaker == 0 ? message : fmt::format("{} (on rank {})", message, speaker), code);
}

void Session::abort(const std::string& message, ExitCode code) const {
    log::write_every_rank(log::Level::error, "main", message);
    log::flush();
    status_->say_goodbye();  // its death will be no news
    MPI_Abort(world().handle().comm, static_cast<int>(code));
    std::abort();
}

std::string mpi_version() {
    std::array<char, MPI_MAX_LIBRARY_VERSION_STRING> text{};
    int length = 0;
    MPI_Get_library_version(text.data(), &length);
    const std::string version(text.data(), static_cast<std::size_t>(length));
    return version.substr(0, version.find(','));
}

}  // namespace lockstep
