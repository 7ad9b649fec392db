#include <cstdlib>
#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <sys/mount.h>

#include <lockstep/comm/node_memory.h>
#include <lockstep/core/error.h>

namespace lockstep::test {
namespace {

constexpr const char* kVariable = "OMPI_MCA_osc_sm_backing_directory";

/// An empty directory that shared windows are told to lie in.
class BackingDirectory {
public:
    BackingDirectory() {
        std::string pattern = std::filesystem::temp_directory_path() / "lockstep_room_XXXXXX";
        path_ = mkdtemp(pattern.data());
        setenv(kVariable, path_.c_str(), 1);
    }
    ~BackingDirectory() {
        unsetenv(kVariable);
        if (mounted_) umount(path_.c_str());
        std::filesystem::remove(path_);
    }
    bool limit_to_one_mebibyte() {
        return mounted_ = mount("tmpfs", path_.c_str(), "tmpfs", 0, "size=1m") == 0;
    }
    const std::string& path() const { return path_; }

private:
    std::string path_;
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
    std::string message;
    try {
        shared_memory_room();
    } catch (const IoError& error) {
        message = error.what();
    }
    unsetenv(kVariable);
    EXPECT_THAT(message, testing::StartsWith("/no/such/directory: "));
}

}  // namespace
}  // namespace lockstep::test
