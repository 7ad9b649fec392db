#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lockstep {

/// The images of a directory with a folder for each class.
struct ImageFiles {
    std::vector<std::string> classes;  // none: the images have no labels
    std::vector<std::string> paths;
    std::vector<std::uint32_t> labels;  // of each path, an index into classes
};

/// Finds the PNG files in the folders `classes`, or in all folders in name order if that is empty, and in the
/// folders below them; the files of a class are in name order. If the directory has no folders, its own
/// files. Throws IoError if something cannot be read, or DataError if there is no such folder, no PNG file,
/// or an image of another format.
ImageFiles find_images(const std::string& directory, const std::vector<std::string>& classes);

}  // namespace lockstep
