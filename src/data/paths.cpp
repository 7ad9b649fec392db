#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include <glob.h>

#include <lockstep/core/error.h>
#include <lockstep/data/paths.h>

namespace lockstep {

namespace {

std::string absolute_text(const Config& setting, const std::string& directory) {
    std::string text;
    try {
        text = expand_variables(setting.as<std::string>());
    } catch (const ConfigError& error) {
        if (!setting.is_string()) throw;
        setting.fail(error.what());
    }
    if (text.empty()) setting.fail("expected the name of a file, got an empty text");
    return (std::filesystem::path(directory) / text).string();
}

std::vector<std::string> matches(const std::string& pattern) {
    glob_t found{};
    const std::unique_ptr<glob_t, void (*)(glob_t*)> release(&found, globfree);
    if (glob(pattern.c_str(), GLOB_NOSORT, nullptr, &found) != 0) return {};
    std::vector<std::string> names(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    std::ranges::sort(names);  // by bytes: the same in every locale
    return names;
}

}  // namespace

std::string expand_variables(const std::string& text) {
    std::string expanded;
    std::size_t done = 0;
    for (std::size_t begin = text.find("${"); begin != std::string::npos; begin = text.find("${", done)) {
        const std::size_t end = text.find('}', begin);
        if (end == std::string::npos) throw ConfigError("\"" + text + "\": expected a } after ${");
        const std::string name = text.substr(begin + 2, end - begin - 2);
        const char* value = std::getenv(name.c_str());
        if (value == nullptr)
            throw ConfigError("\"" + text + "\": the environment variable " + name +
                              " is not set; export it first");
        expanded += text.substr(done, begin - done) + value;
        done = end + 1;
    }
    return expanded + text.substr(done);
}

std::string data_file(const Config& setting, const std::string& directory) {
    std::string file = absolute_text(setting, directory);
    std::error_code error;
    const auto status = std::filesystem::status(file, error);
    if (!std::filesystem::exists(status))
        throw IoError(setting.where() + ": there is no file " + file +
                      " (relative paths start at the job file)");
    if (std::filesystem::is_directory(status))
        throw IoError(setting.where() + ": " + file + " is a directory; expected a file");
    if (!std::filesystem::is_regular_file(status))
        throw IoError(setting.where() + ": " + file + " is a pipe or a device; expected a file");
    return file;
}

std::string data_directory(const Config& setting, const std::string& directory) {
    return absolute_text(setting, directory);
}

std::vector<std::string> data_files(const Config& setting, const std::string& directory) {
    const std::string pattern = absolute_text(setting, directory);
    if (pattern.find_first_of("*?[") == std::string::npos || std::filesystem::exists(pattern))
        return {data_file(setting, directory)};
    std::vector<std::string> files = matches(pattern);
    if (files.empty())
        throw IoError(setting.where() + ": no file matches " + pattern +
                      " (relative paths start at the job file)");
    return files;
}

}  // namespace lockstep
