#include <chrono>
#include <cstdio>
#include <exception>
#include <optional>
#include <thread>

#include <lockstep/callbacks/builtin.h>
#include <lockstep/comm/session.h>
#include <lockstep/core/error.h>
#include <lockstep/core/stop_signals.h>
#include <lockstep/io/hdf5_exit.h>
#include <lockstep/launch/main.h>
#include <lockstep/log/identity.h>
#include <lockstep/log/setup.h>
#include <lockstep/math/blas_core.h>

#include "commands.h"
#include "cpu_check.h"
#include "failures.h"

namespace lockstep {
namespace {

using LocalCommand = ExitCode (*)(const Arguments&);
using ParallelCommand = ExitCode (*)(Session&, const Arguments&);

LocalCommand find_local(const std::string& name) {
    if (name == "check") return check_command;
    if (name == "summary") return summary_command;
    if (name == "list") return list_command;
    if (name == "inspect") return inspect_command;
    if (name == "export") return export_command;
    return name == "doctor" ? doctor_command : nullptr;
}

ParallelCommand find_parallel(const std::string& name) {
    if (name == "evaluate") return evaluate_command;
    return name == "predict" ? predict_command : train_command;
}

bool is_first_process() {
    return log::early_identity().rank == 0;
}

int run_locally(LocalCommand command, const Arguments& arguments) {
    if (!is_first_process()) return 0;  // somebody started several where one is enough
    try {
        return static_cast<int>(command(arguments));
    } catch (const std::exception& error) {
        return report_common(true, error);
    }
}

/// Without MPI nobody can wait for rank 0 to have spoken, and a launcher ends all when one ends with an
/// error.
int fail_without_mpi(const std::exception& error) {
    if (!is_first_process()) std::this_thread::sleep_for(std::chrono::seconds(1));
    return report_common(is_first_process(), error);
}

int run_on_all_ranks(Session& session, ParallelCommand command, const Arguments& arguments) {
    try {
        return static_cast<int>(command(session, arguments));
    } catch (const Error& error) {
        return report_common(session.is_root(), error);
    } catch (const std::exception& error) {
        if (session.size() == 1) return report_common(true, error);
        abort_after(session, error);
    }
}

/// Prints what is wrong with the command line once, and ends all ranks alike.
int end_early(int& argc, char**& argv, const ParsedArguments& parsed) {
    std::FILE* stream = *parsed.exit_code == 0 ? stdout : stderr;
    const bool is_alone = log::early_identity().size == 1;
    if (*parsed.exit_code != 0 && !is_alone) {
        const Session session(argc, argv);
        if (session.is_root()) std::fputs(parsed.text.c_str(), stream);
    } else if (is_first_process()) {
        std::fputs(parsed.text.c_str(), stream);
    }
    return *parsed.exit_code;
}

int run_in_parallel(int& argc, char**& argv, const Arguments& arguments) {
    std::optional<StopSignals> signals;  // until MPI has ended
    if (arguments.command == "train") signals.emplace();
    std::optional<Session> session;
    try {
        session.emplace(argc, argv);
    } catch (const std::exception& error) {
        return fail_without_mpi(error);
    }
    return run_on_all_ranks(*session, find_parallel(arguments.command), arguments);
}

int run_command_line(int argc, char** argv) {
    const ParsedArguments parsed = parse_arguments(argc, argv);
    if (parsed.exit_code) return end_early(argc, argv, parsed);
    log::configure(parsed.arguments.log.apply({}), log::early_identity());
    if (const LocalCommand command = find_local(parsed.arguments.command))
        return run_locally(command, parsed.arguments);
    return run_in_parallel(argc, argv, parsed.arguments);
}

}  // namespace

int main(int argc, char** argv) {
    require_cpu();
    math::restart_with_better_blas_core(argv);
    io::skip_hdf5_exit();
    try {
        register_builtin_callbacks();
        const int code = run_command_line(argc, argv);
        log::shutdown();
        return code;
    } catch (const std::exception& error) {
        return fail_without_mpi(error);
    }
}

}  // namespace lockstep
