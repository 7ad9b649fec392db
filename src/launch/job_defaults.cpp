#include "job_defaults.h"

#include <lockstep/core/error.h>
#include <lockstep/data/paths.h>

namespace lockstep {
namespace {

/// The same entries in a table of its own: adding to it leaves the original as the user wrote it.
Config copy_of(const Config& table) {
    Config copy = Config::table();
    copy.set_origin(table.origin(), table.path());
    for (const std::string& key : table.keys()) copy.set(key, table.at(key));
    return copy;
}

void add_missing(Config& table, const std::string& key, const Config& value) {
    if (!table.contains(key)) table.set(key, value);
}

Config resolved_run(const Config& tree, const RunSection& run) {
    Config table = copy_of(tree.find("run"));
    add_missing(table, "name", run.name);
    add_missing(table, "directory", run.directory.string());
    add_missing(table, "seed", static_cast<std::size_t>(run.seed));
    add_missing(table, "threads", run.threads);
    return table;
}

/// The path that a setting names, with variables expanded, beside the job file unless it is absolute; without
/// a setting, the directory of the job file.
std::string path_beside(const std::filesystem::path& file, const Config& setting) {
    const auto beside = std::filesystem::absolute(file).parent_path();
    if (setting.is_null() || setting == Config("")) return beside.lexically_normal().string();
    const auto text = setting.as<std::string>();
    try {
        return (beside / expand_variables(text)).lexically_normal().string();
    } catch (const ConfigError& error) {
        setting.fail(error.what());
    }
}

Config resolved_data(const Config& data, const std::filesystem::path& file) {
    Config table = copy_of(data);
    table.set("directory", path_beside(file, data.find("directory")));
    return table;
}

Config resolved_model(const Config& model, const std::filesystem::path& file) {
    if (!model.contains("weights")) return model;
    Config table = copy_of(model);
    table.set("weights", path_beside(file, model.at("weights")));
    return table;
}

Config shuffle_config(const Shuffle& shuffle) {
    if (const auto* blocks = std::get_if<BlockShuffle>(&shuffle))
        return Config::table({{"block", static_cast<std::size_t>(blocks->block)},
                              {"window", static_cast<std::size_t>(blocks->window)}});
    return std::get<bool>(shuffle);
}

Config resolved_training(const Config& training, const TrainingSection& section) {
    Config table = copy_of(training);
    add_missing(table, "optimizer", section.optimizer);
    add_missing(table, "epochs", section.epochs);
    add_missing(table, "batch_size", static_cast<std::size_t>(section.batch_size));
    table.set("shuffle", shuffle_config(section.shuffle));
    return table;
}

}  // namespace

Config resolved_tree(const Config& tree, const Job& job, const std::filesystem::path& file) {
    Config resolved = Config::table();
    resolved.set("run", resolved_run(tree, job.run));
    resolved.set("data", resolved_data(tree.at("data"), file));
    resolved.set("model", resolved_model(tree.at("model"), file));
    resolved.set("training", resolved_training(tree.at("training"), job.training));
    if (tree.contains("callbacks")) resolved.set("callbacks", tree.at("callbacks"));
    if (tree.contains("log")) resolved.set("log", tree.at("log"));
    return resolved;
}

}  // namespace lockstep
