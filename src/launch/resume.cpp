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

/// Settings that do not change what is computed.
bool may_differ(std::string_view path, bool inputs_are_files) {
    constexpr std::array<std::string_view, 10> kFree{
        "callbacks",        "log",          "run.name",  "run.directory", "data.directory", "training.epochs",
        "training.verbose", "run.exchange", "data.test", "model.weights"};
    const bool is_free = std::ranges::any_of(kFree, [&](std::string_view key) {
        return path.starts_with(key) &&
               (path.size() == key.size() || path[key.size()] == '.' || path[key.size()] == '[');
    });
    const bool is_file = path.ends_with(".file") ||
                         (inputs_are_files && (path.ends_with(".inputs") || path.ends_with(".targets")));
    return is_free || (path.starts_with("data.") && is_file);
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

    const bool inputs_are_files = now.at("data").find("source") == Config("idx");
    std::string differences;
    for (const std::string& path : paths) {
        const std::string before = value_text(old_leaves, path), after = value_text(new_leaves, path);
        if (before != after && !may_differ(path, inputs_are_files))
            differences += "\n  " + path + ": " + before + " when the run began, " + after + " now";
    }
    if (!differences.empty())
        throw ConfigError("a run can only be resumed with the settings that it began with:" + differences);
}

}  // namespace lockstep
