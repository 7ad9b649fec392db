#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include <lockstep/core/error.h>
#include <lockstep/launch/resume.h>

namespace lockstep {
namespace {

/// Leaves by dotted path.
using Leaves = std::map<std::string, Config>;

void collect(const Config& config, const std::string& path, Leaves& leaves) {
    if (config.is_table()) {
        for (const std::string& key : config.keys())
            collect(config.at(key), path.empty() ? key : path + "." + key, leaves);
    } else if (config.is_array()) {
        for (std::size_t i = 0; i < config.size(); ++i)
            collect(config[i], path + "[" + std::to_string(i) + "]", leaves);
    } else if (!config.is_null()) {
        leaves.emplace(path, config);
    }
}

/// Whether `inputs` and its like are names of files, not of what is in them.
bool inputs_are_files(const Config& data) {
    const Config source = data.find("source");
    return source == Config("idx") || (source == Config("npy") && !data.find("train").contains("file"));
}

/// Whether a setting of [data] says where files lie.
bool names_a_file(std::string_view path, bool inputs_are_files) {
    constexpr std::array<std::string_view, 3> kInputs{".inputs", ".targets", ".sample_weight"};
    const std::string_view key = path.ends_with(']') ? path.substr(0, path.rfind('[')) : path;
    return path.starts_with("data.") &&
           (key.ends_with(".file") || key.ends_with(".directory") ||
            (inputs_are_files &&
             std::ranges::any_of(kInputs, [&](std::string_view input) { return key.ends_with(input); })));
}

/// Settings that do not change what is computed.
bool may_differ(std::string_view path, bool inputs_are_files) {
    constexpr std::array<std::string_view, 18> kFree{"callbacks",
                                                     "log",
                                                     "run.name",
                                                     "run.directory",
                                                     "data.directory",
                                                     "training.epochs",
                                                     "training.elastic",
                                                     "training.verbose",
                                                     "run.exchange",
                                                     "data.test",
                                                     "data.cache",
                                                     "model.weights",
                                                     "run.stop_before",
                                                     "run.time_limit",
                                                     "run.heartbeat_timeout",
                                                     "run.stall_timeout",
                                                     "training.on_nonfinite",
                                                     "training.check_replicas"};
    const bool is_free = std::ranges::any_of(kFree, [&](std::string_view key) {
        return path.starts_with(key) &&
               (path.size() == key.size() || path[key.size()] == '.' || path[key.size()] == '[');
    });
    return is_free || names_a_file(path, inputs_are_files);
}

std::string value_text(const Leaves& leaves, const std::string& path) {
    const auto leaf = leaves.find(path);
    return leaf == leaves.end() ? "nothing" : leaf->second.to_json();
}

}  // namespace

void require_same_job(const Config& began, const Config& now) {
    Leaves old_leaves, new_leaves;
    collect(began, "", old_leaves);
    collect(now, "", new_leaves);
    std::set<std::string> paths;
    for (const Leaves* leaves : {&old_leaves, &new_leaves})
        for (const auto& [path, value] : *leaves) paths.insert(path);

    const bool files = inputs_are_files(now.at("data"));
    std::string differences;
    for (const std::string& path : paths) {
        const std::string before = value_text(old_leaves, path), after = value_text(new_leaves, path);
        if (before != after && !may_differ(path, files))
            differences += "\n  " + path + ": " + before + " when the run began, " + after + " now";
    }
    if (!differences.empty())
        throw ConfigError("a run can only be resumed with the settings that it began with:" + differences);
}

}  // namespace lockstep
