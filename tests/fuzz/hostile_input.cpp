#include "hostile_input.h"

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <fcntl.h>
#include <hdf5.h>
#include <sanitizer/common_interface_defs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hostile_hdf5.h"
#include "survive.h"

namespace lockstep::fuzz {

namespace {

std::string bytes_of(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// Calls `task` in a process of its own. False if that ended in the middle.
bool run_apart(const std::function<void()>& task) {
    const pid_t child = fork();
    if (child == 0) {
        for (const int signal : {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV}) std::signal(signal, SIG_DFL);
        __sanitizer_set_death_callback(nullptr);  // the fuzzer is not to hear of it
        dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
        task();
        _exit(0);
    }
    int status = 0;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }  // the fuzzer's alarm
    return child > 0 && status == 0;
}

}  // namespace

HostileInput::HostileInput(std::vector<const char*> names,
                           const std::function<void(const std::string&)>& make_sound)
    : names_(std::move(names)) {
    const std::string file = directory_ / "input.h5";
    make_sound(file);
    sound_ = bytes_of(file);
    H5Fclose(H5Fcreate(file.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
    empty_ = bytes_of(file);
}

void HostileInput::run(std::span<const std::uint8_t> bytes,
                       const std::function<void(const std::string&)>& read) const {
    FuzzedDataProvider parts(bytes.data(), bytes.size());
    const std::string file = directory_ / "input.h5";
    std::filesystem::remove(file);  // HDF5 knows files by their inodes
    std::ofstream(file, std::ios::binary) << (parts.ConsumeBool() ? sound_ : empty_);
    // HDF5 itself stumbles over some of what it is asked to make: that is not what is tested.
    if (!run_apart([&] { make_hostile(file, names_, other_.name(), parts); })) return;
    other_.forget();
    survive([&] { read(file); });
    other_.require_untouched();
}

}  // namespace lockstep::fuzz
