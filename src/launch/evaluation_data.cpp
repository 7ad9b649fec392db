#include <memory>
#include <string>

#include <lockstep/core/error.h>
#include <lockstep/data/paths.h>
#include <lockstep/data/registry.h>
#include <lockstep/launch/job_file.h>

#include "data_setup.h"
#include "saved_run.h"

namespace lockstep {
namespace {

namespace fs = std::filesystem;

Dataset open_test(const Config& data) {
    return Dataset(
        std::shared_ptr<const Source>(make_source(data, DataPart::test, data.get<std::string>("directory"))));
}

/// The [data] table with `part` as its test data.
Config with_test(const SavedRun& saved, const Config& part, const fs::path& directory) {
    Config data = Config::table();
    if (saved.job)
        for (const std::string& key : saved.job->data.keys()) data.set(key, saved.job->data.at(key));
    Config keys = Config::table();
    keys.set_origin(part.origin(), "--data");
    for (const std::string& key : part.keys())
        if (key == "source")
            data.set("source", part.at(key));
        else
            keys.set(key, part.at(key));
    if (!data.contains("source"))
        throw ConfigError(
            "--data: the checkpoint has no job file, so the kind of data is needed too, such as { source = "
            "\"hdf5\", file = ..., inputs = ... }");
    // Not that of the whole table: the training data stay where they are.
    const auto base = fs::absolute(directory);
    keys.set("directory", (base / expand_variables(keys.get<std::string>("directory", ""))).string());
    if (!data.contains("directory")) data.set("directory", base.string());
    data.set("test", keys);
    return data;
}

/// The key of a part that a path on the command line takes the place of.
std::string replaced_key(const Config& part, const std::string& path) {
    if (fs::is_directory(path)) return "directory";  // the same files, elsewhere
    return part.contains("file") ? "file" : "inputs";
}

/// The job's table for test data, or the next best, with another file in it.
Config with_file(const SavedRun& saved, const std::string& file, bool with_targets) {
    if (!saved.job)
        throw ConfigError("--data " + file +
                          ": the checkpoint has no job file, so datasets must be named: { source = \"hdf5\", "
                          "file = ..., inputs = ... }");
    const Config& data = saved.job->data;
    const char* part = data.contains("test") ? "test" : data.contains("validation") ? "validation" : "train";
    const std::string replaced = replaced_key(data.at(part), file);
    Config keys = Config::table();
    for (const std::string& key : data.at(part).keys())
        if (key != "first" && (with_targets || key != "targets")) keys.set(key, data.at(part).at(key));
    if (replaced == "inputs")  // the others are files of their own, which --data did not name
        for (const char* other : {"targets", "sample_weight"}) keys.erase(other);
    keys.set(replaced, fs::absolute(file).string());
    return keys;
}

Dataset open_file(const SavedRun& saved, const std::string& file, bool with_targets) {
    try {
        return open_test(with_test(saved, with_file(saved, file, true), "."));
    } catch (const DataError&) {
        if (with_targets) throw;
        return open_test(with_test(saved, with_file(saved, file, false), "."));
    }
}

Dataset open_job_data(const SavedRun& saved) {
    if (!saved.job) throw ConfigError("the checkpoint has no job file; say which data with --data");
    if (saved.job->data.contains("test")) return open_test(saved.job->data);
    if (std::optional<Dataset> validation = open_data(*saved.job).validation) return *validation;
    throw ConfigError("the job has neither test nor validation data; say which data with --data");
}

}  // namespace

Dataset open_evaluation_data(const SavedRun& saved, const std::string& data, bool with_targets) {
    if (data.empty()) return open_job_data(saved);
    const std::size_t first = data.find_first_not_of(" \t\n");
    if (first == std::string::npos || data[first] != '{') return open_file(saved, data, with_targets);
    return open_test(with_test(saved, parse_toml_value(data, "--data"), "."));
}

}  // namespace lockstep
