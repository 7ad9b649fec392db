#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <lockstep/comm/node_memory.h>
#include <lockstep/comm/session.h>
#include <lockstep/io/inspect.h>
#include <lockstep/log/identity.h>
#include <lockstep/math/blas.h>
#include <lockstep/math/blas_core.h>
#include <lockstep/math/kernels.h>

#include "build_info.h"
#include "commands.h"
#include "machine.h"

namespace lockstep {
namespace {

/// What was found, and what is wrong with it.
class Report {
public:
    void fact(const char* what, const std::string& value) { std::printf("%-10s %s\n", what, value.c_str()); }
    void problem(std::string what, std::string remedy) {
        problems_.push_back(std::move(what) + "\n    " + std::move(remedy));
    }

    void print_problems() const {
        if (problems_.empty()) std::puts("\nNothing is wrong.");
        for (const std::string& problem : problems_) std::printf("\n  ! %s\n", problem.c_str());
    }

private:
    std::vector<std::string> problems_;
};

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

void examine_machine(Report& report, const Machine& machine) {
    report.fact("host", fmt::format("{}, {}, {:.0f} GB", machine.host, machine.cpu, machine.memory_gb));
    std::string cores = fmt::format("{} hardware threads, this process may use {}", machine.online_cores,
                                    machine.allowed_cores);
    if (machine.quota) cores += fmt::format(", with a quota of {:.1f}", *machine.quota);
    report.fact("cores", cores);
    if (machine.usable_cores() < machine.allowed_cores)
        report.problem(
            fmt::format("the cgroup allows {:.1f} cores' worth of time on {} cores: more ranks than that "
                        "stall each other",
                        machine.usable_cores(), machine.allowed_cores),
            "start no more ranks than the quota, or raise it (cpu.max, or --cpus of the container)");
}

std::string launcher() {
    if (!variable("OMPI_COMM_WORLD_SIZE").empty()) return "Open MPI's mpirun";
    if (!variable("PMIX_RANK").empty()) return "PMIx";
    if (!variable("PMI_RANK").empty()) return "PMI";
    return variable("SLURM_PROCID").empty() ? "none" : "Slurm without MPI";
}

void examine_mpi(Report& report, const Machine& machine) {
    const log::Identity identity = log::early_identity();
    report.fact("MPI", fmt::format("{}, launcher: {}, {} rank{}", mpi_version(), launcher(), identity.size,
                                   identity.size == 1 ? "" : "s"));
    if (launcher() == "Slurm without MPI" && identity.size > 1)
        report.problem("srun started these processes without telling MPI about each other",
                       "use srun --mpi=pmix");
    if (identity.size > 1 && machine.allowed_cores >= machine.online_cores && machine.online_cores > 1)
        report.problem("ranks are not bound to cores, so they may move and share one",
                       "start with mpirun --bind-to core, or srun --cpu-bind=cores");
}

void examine_blas(Report& report, const Machine& machine) {
    report.fact("OpenBLAS",
                fmt::format("{}, kernels for {}{}, {} thread{}", math::blas_version(), math::blas_core(),
                            variable("OPENBLAS_CORETYPE").empty() ? "" : " (OPENBLAS_CORETYPE)",
                            math::blas_threads(), math::blas_threads() == 1 ? "" : "s"));
    report.fact("vectors", math::simd_target_name());
    if (const auto better = math::better_blas_core())
        report.problem("OpenBLAS chose slow kernels: " + math::blas_core(),
                       "export OPENBLAS_CORETYPE=" + *better);
    const std::string threads = variable("OPENBLAS_NUM_THREADS");
    const int ranks = log::early_identity().size;
    if (!threads.empty() && std::atof(threads.c_str()) * ranks > machine.usable_cores())
        report.problem(fmt::format("OPENBLAS_NUM_THREADS={} on {} rank{} is more than {:.1f} cores", threads,
                                   ranks, ranks == 1 ? "" : "s", machine.usable_cores()),
                       "export OPENBLAS_NUM_THREADS=1, and one rank per core");
}

void examine_memory(Report& report) {
    constexpr double kLittle = 0.25e9;
    const SharedMemoryRoom room = shared_memory_room();
    const auto free_bytes = static_cast<double>(room.free_bytes);
    report.fact("shared", fmt::format("{:.2f} GB free in {}", free_bytes / 1e9, room.directory));
    if (free_bytes < kLittle)
        report.problem(room.directory +
                           " has little room: larger networks will keep their weights once per rank instead "
                           "of once per node",
                       "mount -o remount,size=4G /dev/shm, --shm-size=4g for a container, or "
                       "OMPI_MCA_osc_sm_backing_directory=DIR");
}

}  // namespace

ExitCode doctor_command(const Arguments& /*arguments*/) {
    Report report;
    const Machine machine = this_machine();
    report.fact("program", build_description());
    examine_machine(report, machine);
    examine_mpi(report, machine);
    examine_blas(report, machine);
    examine_memory(report);
    report.fact("HDF5", io::hdf5_version());
    report.print_problems();
    return ExitCode::success;
}

}  // namespace lockstep
