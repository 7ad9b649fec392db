#include <array>
#include <system_error>

#include <lockstep/core/error.h>
#include <lockstep/io/temporaries.h>
#include <lockstep/launch/run_directory.h>
#include <lockstep/train/checkpoint.h>

namespace lockstep {
namespace {

namespace fs = std::filesystem;

/// What the program itself writes; other files in a run directory belong to callbacks or to the user.
constexpr std::array kOwnFiles{"job.toml", "run.h5", "run.pending.h5", "checkpoints", "logs"};
constexpr std::array kResults{"run.h5", "run.pending.h5", "checkpoints"};

void make_directories(const fs::path& directory) {
    std::error_code error;
    fs::create_directories(directory, error);
    if (error) throw IoError(directory.string() + ": cannot make the run directory: " + error.message());
}

/// The first of name, name-2, name-3, ... that this call makes.
fs::path make_new_directory(const RunSection& run) {
    make_directories(run.directory);
    for (int number = 1;; ++number) {
        const fs::path path =
            run.directory / (number == 1 ? run.name : run.name + "-" + std::to_string(number));
        std::error_code error;
        if (fs::create_directory(path, error)) return path;
        if (error) throw IoError(path.string() + ": cannot make the run directory: " + error.message());
    }
}

void remove_run(const fs::path& directory) {
    for (const char* name : kOwnFiles) fs::remove_all(directory / name);
}

RunPlace resume_run(const RunRequest& request) {
    const fs::path checkpoints = checkpoint_directory(request.run_dir);
    const fs::path newest = fs::is_directory(checkpoints) ? newest_checkpoint(checkpoints) : fs::path();
    if (!newest.empty()) {
        for (const fs::path& directory : {request.run_dir, checkpoints})
            io::remove_temporaries(directory.string());
        return {request.run_dir, newest};
    }
    if (request.resume != "auto")
        throw ConfigError(request.run_dir.string() + ": there is no sound checkpoint to resume from in " +
                          checkpoints.string() + "; --resume auto would start from the beginning then");
    remove_run(request.run_dir);
    make_directories(request.run_dir);
    return {request.run_dir, {}};
}

}  // namespace

RunRequest checked(RunRequest request) {
    if (!request.resume.empty() && request.overwrite)
        throw ConfigError("--resume and --overwrite exclude each other");
    if (request.resume == "auto" && request.run_dir.empty())
        throw ConfigError("--resume auto needs --run-dir DIR: the directory to continue in, or to start in");
    if (request.resume.empty() || request.resume == "auto") return request;
    if (!request.run_dir.empty() && request.run_dir != fs::path(request.resume))
        throw ConfigError("--resume " + request.resume + " and --run-dir " + request.run_dir.string() +
                          " name two directories; a run is continued where it is");
    request.run_dir = request.resume;
    return request;
}

RunPlace place_run(const RunRequest& request, const RunSection& run) {
    if (!request.resume.empty()) return resume_run(request);
    if (request.run_dir.empty() && !request.overwrite) return {make_new_directory(run), {}};
    const fs::path directory = request.run_dir.empty() ? run.directory / run.name : request.run_dir;
    if (holds_run(directory)) {
        if (!request.overwrite)
            throw ConfigError(
                directory.string() +
                ": holds a run already; continue it with --resume, or replace it with --overwrite");
        remove_run(directory);
    }
    make_directories(directory);
    return {directory, {}};
}

bool holds_run(const fs::path& directory) {
    for (const char* name : kResults)
        if (fs::exists(directory / name)) return true;
    return false;
}

fs::path checkpoint_directory(const fs::path& run) {
    return run / "checkpoints";
}

fs::path final_checkpoint(const fs::path& run) {
    return checkpoint_directory(run) / "final.h5";
}

fs::path stop_checkpoint(const fs::path& run) {
    return checkpoint_directory(run) / "stopped.h5";
}

}  // namespace lockstep
