// Makes the disk fail: LD_PRELOAD=libfault_shim.so PROGRAM, or a program that is linked to it. It counts,
// over all processes, what is asked of files below one directory (open for writing, write, fsync, rename,
// ftruncate), and lets one of these calls fail.
//
//   LOCKSTEP_FAULT_DIRECTORY   absolute; without it nothing is counted
//   LOCKSTEP_FAULT_STATE       a file outside of it, for the count; <file>.trace has a line per call:
//                              "17 write /runs/a/run.h5"
//   LOCKSTEP_FAULT_AT          the number of the call that fails, from 1; 0: none
//   LOCKSTEP_FAULT_ERROR       errno (28); "short": half of what is to be written is written;
//                              "kill": the process is killed before the call
//   LOCKSTEP_FAULT_ONLY        "fsync run.h5": only these calls on files whose path ends so are counted
//   LOCKSTEP_FAULT_STAYS       1: all calls after it fail, too
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

namespace {

std::string_view variable(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr ? value : "";
}

/// The function that this library stands in front of.
template <typename Function>
Function* next(const char* name) {
    return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

int raw_open(const char* path, int flags) {
    return static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, flags, 0666));
}

class Faults {
public:
    enum class Verdict { pass, fail, cut };

    static Faults& instance() {
        static Faults faults;
        return faults;
    }

    Verdict judge(const char* call, const std::string& path) {
        if (counter_ == nullptr || !is_watched(call, path)) return Verdict::pass;
        const std::uint64_t number = std::atomic_ref<std::uint64_t>(*counter_).fetch_add(1) + 1;
        const std::string line = std::to_string(number) + " " + call + " " + path + "\n";
        syscall(SYS_write, trace_, line.data(), line.size());
        const bool is_hit = number == at_ || (stays_ && at_ != 0 && number > at_);
        if (!is_hit) return Verdict::pass;
        if (kills_) raise(SIGKILL);
        if (error_ == 0) return Verdict::cut;
        errno = error_;
        return Verdict::fail;
    }

private:
    Faults()
        : directory_(variable("LOCKSTEP_FAULT_DIRECTORY")),
          at_(std::strtoull(std::string(variable("LOCKSTEP_FAULT_AT")).c_str(), nullptr, 10)),
          error_(std::atoi(std::string(variable("LOCKSTEP_FAULT_ERROR")).c_str())),
          kills_(variable("LOCKSTEP_FAULT_ERROR") == "kill"),
          stays_(variable("LOCKSTEP_FAULT_STAYS") == "1") {
        const std::string_view only = variable("LOCKSTEP_FAULT_ONLY");
        call_ = only.substr(0, only.find(' '));
        ending_ = only.substr(std::min(only.size(), call_.size() + 1));
        const std::string state(variable("LOCKSTEP_FAULT_STATE"));
        if (directory_.empty() || state.empty()) return;
        const int file = raw_open(state.c_str(), O_RDWR | O_CREAT | O_CLOEXEC);
        trace_ = raw_open((state + ".trace").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC);
        if (file < 0 || syscall(SYS_ftruncate, file, sizeof(std::uint64_t)) != 0) return;
        void* memory = mmap(nullptr, sizeof(std::uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        if (memory != MAP_FAILED) counter_ = static_cast<std::uint64_t*>(memory);
    }

    bool is_watched(std::string_view call, std::string_view path) const {
        return path.starts_with(directory_) && path.ends_with(ending_) && (call_.empty() || call == call_) &&
               (path.size() == directory_.size() || path[directory_.size()] == '/');
    }

    std::string directory_;
    std::string call_, ending_;  // of those that count; empty: all
    std::uint64_t at_;
    int error_;
    bool kills_, stays_;
    int trace_ = -1;
    std::uint64_t* counter_ = nullptr;  // shared by all processes
};

std::string absolute(const char* path) {
    if (path[0] == '/') return path;
    char here[4096];
    return getcwd(here, sizeof here) != nullptr ? std::string(here) + "/" + path : path;
}

std::string path_of(int descriptor) {
    char path[4096];
    const std::string link = "/proc/self/fd/" + std::to_string(descriptor);
    const ssize_t length = readlink(link.c_str(), path, sizeof path);
    return length > 0 ? std::string(path, static_cast<std::size_t>(length)) : "";
}

using Verdict = Faults::Verdict;

Verdict judge(const char* call, const char* path) {
    return Faults::instance().judge(call, absolute(path));
}
Verdict judge(const char* call, int descriptor) {
    return Faults::instance().judge(call, path_of(descriptor));
}

/// How much of a write is made; nothing: it fails.
std::size_t allowed(const char* call, int descriptor, std::size_t size) {
    switch (judge(call, descriptor)) {
        case Verdict::fail:
            return 0;
        case Verdict::cut:
            return (size + 1) / 2;
        case Verdict::pass:
            break;
    }
    return size;
}

bool writes(int flags) {
    return (flags & O_ACCMODE) != O_RDONLY;
}

mode_t mode_of(int flags, va_list arguments) {
    return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
}

int open_file(const char* name, const char* path, int flags, mode_t mode) {
    if (writes(flags) && judge("open", path) == Verdict::fail) return -1;
    return next<int(const char*, int, ...)>(name)(path, flags, mode);
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    const mode_t mode = mode_of(flags, arguments);
    va_end(arguments);
    return open_file("open", path, flags, mode);
}

int open64(const char* path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    const mode_t mode = mode_of(flags, arguments);
    va_end(arguments);
    return open_file("open64", path, flags, mode);
}

FILE* fopen(const char* path, const char* mode) {
    const bool opens_for_writing = std::strpbrk(mode, "wa+") != nullptr;
    if (opens_for_writing && judge("open", path) == Verdict::fail) return nullptr;
    return next<FILE*(const char*, const char*)>("fopen")(path, mode);
}

FILE* fopen64(const char* path, const char* mode) {
    const bool opens_for_writing = std::strpbrk(mode, "wa+") != nullptr;
    if (opens_for_writing && judge("open", path) == Verdict::fail) return nullptr;
    return next<FILE*(const char*, const char*)>("fopen64")(path, mode);
}

ssize_t write(int descriptor, const void* bytes, size_t size) {
    const std::size_t count = allowed("write", descriptor, size);
    return count == 0 && size > 0
               ? -1
               : next<ssize_t(int, const void*, size_t)>("write")(descriptor, bytes, count);
}

ssize_t writev(int descriptor, const iovec* parts, int count) {
    if (judge("write", descriptor) == Verdict::fail) return -1;
    return next<ssize_t(int, const iovec*, int)>("writev")(descriptor, parts, count);
}

ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t offset) {
    const std::size_t count = allowed("write", descriptor, size);
    if (count == 0 && size > 0) return -1;
    return next<ssize_t(int, const void*, size_t, off_t)>("pwrite")(descriptor, bytes, count, offset);
}

ssize_t pwrite64(int descriptor, const void* bytes, size_t size, off64_t offset) {
    const std::size_t count = allowed("write", descriptor, size);
    if (count == 0 && size > 0) return -1;
    return next<ssize_t(int, const void*, size_t, off64_t)>("pwrite64")(descriptor, bytes, count, offset);
}

ssize_t sendfile(int to, int from, off_t* offset, size_t size) {
    const std::size_t count = allowed("write", to, size);
    if (count == 0 && size > 0) return -1;
    return next<ssize_t(int, int, off_t*, size_t)>("sendfile")(to, from, offset, count);
}

ssize_t copy_file_range(int from, off64_t* from_offset, int to, off64_t* to_offset, size_t size,
                        unsigned flags) {
    const std::size_t count = allowed("write", to, size);
    if (count == 0 && size > 0) return -1;
    return next<ssize_t(int, off64_t*, int, off64_t*, size_t, unsigned)>("copy_file_range")(
        from, from_offset, to, to_offset, count, flags);
}

int ftruncate(int descriptor, off_t size) {
    if (judge("ftruncate", descriptor) == Verdict::fail) return -1;
    return next<int(int, off_t)>("ftruncate")(descriptor, size);
}

int ftruncate64(int descriptor, off64_t size) {
    if (judge("ftruncate", descriptor) == Verdict::fail) return -1;
    return next<int(int, off64_t)>("ftruncate64")(descriptor, size);
}

int fsync(int descriptor) {
    if (judge("fsync", descriptor) == Verdict::fail) return -1;
    return next<int(int)>("fsync")(descriptor);
}

int rename(const char* from, const char* to) {
    if (judge("rename", to) == Verdict::fail) return -1;
    return next<int(const char*, const char*)>("rename")(from, to);
}

}  // extern "C"
