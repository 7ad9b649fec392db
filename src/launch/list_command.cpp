#include <algorithm>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include <lockstep/core/error.h>
#include <lockstep/data/registry.h>
#include <lockstep/nn/activation.h>
#include <lockstep/nn/registry.h>
#include <lockstep/train/registry.h>

#include "commands.h"

namespace lockstep {
namespace {

/// A registry, whatever it makes, or what else has names.
struct Catalogue {
    std::string kind;  // as `lockstep list` takes it
    std::vector<std::string> types;
    std::function<const TypeHelp&(const std::string&)> help;
};

template <typename T>
Catalogue catalogue(const char* kind, const Registry<T>& registry) {
    return {kind, registry.types(),
            [&registry](const std::string& type) -> const TypeHelp& { return registry.help(type); }};
}

std::vector<Catalogue> all_catalogues() {
    return {catalogue("layers", layer_registry()),
            catalogue("losses", loss_registry()),
            catalogue("metrics", metric_registry()),
            catalogue("optimizers", optimizer_registry()),
            catalogue("schedules", schedule_registry()),
            catalogue("initializers", initializer_registry()),
            catalogue("regularizers", regularizer_registry()),
            catalogue("constraints", constraint_registry()),
            catalogue("callbacks", callback_registry()),
            catalogue("sources", source_registry()),
            catalogue("augmentations", augmentation_registry()),
            {"activations", activation_types(), activation_help}};
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

std::size_t width(const std::vector<std::string>& words) {
    std::size_t most = 0;
    for (const auto& word : words) most = std::max(most, word.size());
    return most;
}

void print_types(const Catalogue& catalogue) {
    const int column = static_cast<int>(width(catalogue.types));
    for (const std::string& type : catalogue.types)
        std::printf("  %-*s  %s\n", column, type.c_str(), catalogue.help(type).summary.c_str());
}

void print_keys(const std::string& type, const TypeHelp& help) {
    std::printf("%s: %s\n", type.c_str(), help.summary.c_str());
    std::vector<std::string> names, fallbacks;
    for (const TypeHelp::Key& key : help.keys) {
        names.push_back(key.name);
        fallbacks.push_back(key.fallback);
    }
    const int name = static_cast<int>(width(names)), fallback = static_cast<int>(width(fallbacks));
    for (const TypeHelp::Key& key : help.keys)
        std::printf("  %-*s  %-*s  %s\n", name, key.name.c_str(), fallback, key.fallback.c_str(),
                    key.text.c_str());
}

/// Throws ConfigError naming the nearest of `known`.
[[noreturn]] void unknown(const std::string& word, const std::vector<std::string>& known) {
    const auto near = nearest(word, known);
    throw ConfigError("list: there is no \"" + word + "\"" +
                      (near ? "; did you mean \"" + *near + "\"?" : "; there are: " + joined(known)));
}

Catalogue find_catalogue(const std::string& kind) {
    std::vector<std::string> kinds;
    for (Catalogue& one : all_catalogues()) {
        if (one.kind == kind || one.kind == kind + "s" || one.kind == kind + "es") return one;
        kinds.push_back(one.kind);
    }
    unknown(kind, kinds);
}

}  // namespace

ExitCode list_command(const Arguments& arguments) {
    if (arguments.kind.empty()) {
        for (const Catalogue& one : all_catalogues()) {
            std::printf("%s\n", one.kind.c_str());
            print_types(one);
        }
        return ExitCode::success;
    }
    const Catalogue chosen = find_catalogue(arguments.kind);
    if (arguments.name.empty()) {
        print_types(chosen);
        return ExitCode::success;
    }
    if (std::ranges::find(chosen.types, arguments.name) == chosen.types.end())
        unknown(arguments.name, chosen.types);
    print_keys(arguments.name, chosen.help(arguments.name));
    return ExitCode::success;
}

}  // namespace lockstep
