#include "image_files.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <string_view>

#include <lockstep/core/error.h>

namespace lockstep {

namespace {

namespace fs = std::filesystem;

std::string extension_of(const fs::path& file) {
    std::string extension = file.extension().string();
    std::ranges::transform(extension, extension.begin(),
                           [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    return extension;
}

bool is_png(const fs::path& file) {
    constexpr std::array<std::string_view, 7> kOthers{".jpg", ".jpeg", ".bmp", ".gif",
                                                      ".tif", ".tiff", ".webp"};
    const std::string extension = extension_of(file);
    if (std::ranges::find(kOthers, extension) != kOthers.end())
        throw DataError(file.string() + ": expected PNG images; convert it, or move it elsewhere");
    return extension == ".png";
}

/// Appends the PNG files that `Iterator` finds in a folder, in name order.
template <typename Iterator>
void append_files(const fs::path& folder, std::vector<std::string>& paths) {
    const auto old = static_cast<std::ptrdiff_t>(paths.size());
    for (const fs::directory_entry& entry : Iterator(folder))
        if (entry.is_regular_file() && is_png(entry.path())) paths.push_back(entry.path().string());
    std::sort(paths.begin() + old, paths.end());
}

std::vector<std::string> folders_of(const fs::path& directory) {
    std::vector<std::string> names;
    for (const fs::directory_entry& entry : fs::directory_iterator(directory))
        if (entry.is_directory()) names.push_back(entry.path().filename().string());
    std::ranges::sort(names);
    return names;
}

void require_folders(const fs::path& directory, const std::vector<std::string>& wanted,
                     const std::vector<std::string>& folders) {
    for (const std::string& name : wanted) {
        if (std::ranges::find(folders, name) != folders.end()) continue;
        std::string known;
        for (const std::string& folder : folders) known += (known.empty() ? "" : ", ") + folder;
        throw DataError(directory.string() + ": there is no folder for the class \"" + name +
                        "\"; there are: " + known);
    }
}

ImageFiles find_in(const fs::path& directory, const std::vector<std::string>& classes) {
    ImageFiles files;
    const std::vector<std::string> folders = folders_of(directory);
    if (folders.empty()) {
        append_files<fs::directory_iterator>(directory, files.paths);
        return files;
    }
    require_folders(directory, classes, folders);
    files.classes = classes.empty() ? folders : classes;
    for (std::uint32_t label = 0; label < files.classes.size(); ++label) {
        append_files<fs::recursive_directory_iterator>(directory / files.classes[label], files.paths);
        files.labels.resize(files.paths.size(), label);
    }
    return files;
}

}  // namespace

ImageFiles find_images(const std::string& directory, const std::vector<std::string>& classes) {
    try {
        ImageFiles files = find_in(directory, classes);
        if (files.paths.empty())
            throw DataError(directory + ": expected PNG images, in one folder for each class, got none");
        return files;
    } catch (const fs::filesystem_error& error) {
        throw IoError(directory + ": cannot be read: " + error.what());
    }
}

}  // namespace lockstep
