// Runs as on a file system without locks, and prints what a TableFile and an ArrayReader say: no_locks
// NEW_FILE OLD_FILE.
#include <cerrno>
#include <cstdio>
#include <exception>

#include <lockstep/io/array_reader.h>
#include <lockstep/io/table_file.h>

/// Stands in front of the C library's.
extern "C" int flock(int /*descriptor*/, int /*operation*/) {
    errno = ENOLCK;
    return -1;
}

int main(int /*argc*/, char** argv) {
    try {
        lockstep::io::TableFile(argv[1], {});
    } catch (const std::exception& error) {
        std::puts(error.what());
    }
    try {
        lockstep::io::ArrayReader(argv[2], "/x", {});
    } catch (const std::exception& error) {
        std::puts(error.what());
    }
}
