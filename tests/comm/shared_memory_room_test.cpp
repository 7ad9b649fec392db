#include <cstdlib>
#include <string>

#include <gmock/gmock.h>
#include <sys/mount.h>

#include <lockstep/comm/node_memory.h>
#include <lockstep/core/error.h>

#include "error_of.h"
#include "scratch_directory.h"

namespace lockstep::test {
namespace {

constexpr const char* kVariable = "OMPI_MCA_osc_sm_backing_directory";

/// An empty directory that shared windows are told to lie in.
class BackingDirectory {
public:
    BackingDirectory() { setenv(kVariable, path().c_str(), 1); }
    ~BackingDirectory() {
        unsetenv(kVariable);
        if (mounted_) umount(path().c_str());
    }
    bool limit_to_one_mebibyte() {
        return mounted_ = mount("tmpfs", path().c_str(), "tmpfs", 0, "size=1m") == 0;
    }
    std::string path() const { return scratch_.string(); }

private:
    ScratchDirectory scratch_;
    bool mounted_ = false;
};

TEST(SharedMemoryRoom, IsThatOfTheDirectoryOfOpenMpi) {
    unsetenv(kVariable);
    EXPECT_EQ(shared_memory_room().directory, "/dev/shm");
    const BackingDirectory chosen;
    EXPECT_EQ(shared_memory_room().directory, chosen.path());
}

TEST(SharedMemoryRoom, TellsThatADirectoryIsSmall) {
    BackingDirectory small;
    if (!small.limit_to_one_mebibyte()) GTEST_SKIP() << "mounting a small file system needs root";
    EXPECT_LE(shared_memory_room().free_bytes, std::size_t{1} << 20);
    EXPECT_GT(shared_memory_room().free_bytes, 0U);
}

TEST(SharedMemoryRoom, NamesADirectoryThatIsMissing) {
    setenv(kVariable, "/no/such/directory", 1);
    const std::string message = error_of<IoError>([] { shared_memory_room(); });
    unsetenv(kVariable);
    EXPECT_THAT(message, testing::StartsWith("/no/such/directory: "));
}

}  // namespace
}  // namespace lockstep::test
