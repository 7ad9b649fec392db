#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include <lockstep/data/paths.h>
#include <lockstep/data/registry.h>

#include "builtin_sources.h"
#include "first_samples.h"

namespace lockstep {

namespace {

constexpr std::array<std::string_view, 3> kPartNames{"train", "validation", "test"};

/// Keys of [data] that are not about one source.
constexpr std::array<std::string_view, 9> kOwnKeys{
    "source",       "train", "validation", "test", "validation_split", "normalize", "normalize_targets",
    "augmentation", "cache"};

/// Where the paths of a part begin.
Config directory_of(const Config& part, const std::string& directory) {
    const Config own = part.find("directory");
    if (own.is_null()) return directory;
    Config named(data_directory(own, directory));
    named.set_origin(own.origin(), own.path());
    return named;
}

/// What a factory gets: the part's keys before those of the whole table.
Config keys_of_part(const Config& data, const Config& part, std::string_view name,
                    const std::string& directory) {
    Config keys = Config::table();
    keys.set_origin(part.origin(), part.path());
    for (const std::string& key : data.keys())
        if (std::ranges::find(kOwnKeys, key) == kOwnKeys.end()) keys.set(key, data.at(key));
    for (const std::string& key : part.keys()) keys.set(key, part.at(key));
    keys.set("type", data.at("source"));
    keys.set("part", name);
    keys.set("directory", directory_of(part, directory));
    if (name != kPartNames.front() && data.contains("train"))
        keys.set("train", keys_of_part(data, data.at("train"), kPartNames.front(), directory));
    return keys;
}

/// Counts as asked for, so that a slip in one of these names is recognised.
void know_own_keys(const Config& table) {
    for (const std::string_view key : kOwnKeys) table.contains(key);
}

std::unique_ptr<Source> only_first(std::unique_ptr<Source> source, const Config& first) {
    const auto count = first.as<std::size_t>();
    if (count == 0 || count > source->size())
        first.fail("expected 1 to " + std::to_string(source->size()) + ", the samples of " +
                   source->describe() + ", got " + std::to_string(count));
    return std::make_unique<FirstSamples>(std::move(source), count);
}

}  // namespace

Registry<Source>& source_registry() {
    static Registry<Source> registry = [] {
        Registry<Source> built_in("data source");
        add_builtin_sources(built_in);
        return built_in;
    }();
    return registry;
}

void register_source(const std::string& type, Registry<Source>::Factory factory, TypeHelp help) {
    source_registry().add(type, std::move(factory), std::move(help));
}

std::unique_ptr<Source> make_source(const Config& data, DataPart part, const std::string& directory) {
    const std::string_view name = kPartNames.at(static_cast<std::size_t>(part));
    know_own_keys(data);
    const Config keys = keys_of_part(data, data.at(name), name, directory);
    know_own_keys(keys);
    for (const char* key : {"part", "directory"}) keys.contains(key);  // a factory need not ask
    const Config first = keys.find("first");
    std::unique_ptr<Source> source = source_registry().make(keys);
    return first.is_null() ? std::move(source) : only_first(std::move(source), first);
}

}  // namespace lockstep
