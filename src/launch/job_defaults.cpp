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

/// What [data] says of where its paths begin; empty if nothing.
std::string data_directory(const Config& data) {
    const Config directory = data.find("directory");
    if (directory.is_null()) return "";
    const auto text = directory.as<std::string>();
    try {
        return expand_variables(text);
    } catch (const ConfigError& error) {
        directory.fail(error.what());
    }
}

Config resolved_data(const Config& data, const std::filesystem::path& file) {
    Config table = copy_of(data);
    const auto beside = std::filesystem::absolute(file).parent_path();
    const std::string named = data_directory(data);
    table.set("directory", (named.empty() ? beside : beside / named).lexically_normal().string());
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
    resolved.set("model", tree.at("model"));
    resolved.set("training", resolved_training(tree.at("training"), job.training));
    if (tree.contains("callbacks")) resolved.set("callbacks", tree.at("callbacks"));
    if (tree.contains("log")) resolved.set("log", tree.at("log"));
    return resolved;
}

}  // namespace lockstep
