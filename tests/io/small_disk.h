#pragma once

#include <filesystem>
#include <string>

#include <sys/mount.h>

/// A disk of so many MiB, unmounted at the end. Only root may mount: ask mounted().
class SmallDisk {
public:
    explicit SmallDisk(const std::string& path, int mebibytes = 2) : path_(path) {
        std::filesystem::create_directory(path);
        const std::string size = "size=" + std::to_string(mebibytes) + "m";
        mounted_ = mount("tmpfs", path.c_str(), "tmpfs", 0, size.c_str()) == 0;
    }
    ~SmallDisk() {
        if (mounted_) umount2(path_.c_str(), MNT_DETACH);
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    bool mounted() const { return mounted_; }
    std::string operator/(const std::string& name) const { return path_ + "/" + name; }

private:
    std::string path_;
    bool mounted_ = false;
};
