#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <lockstep/core/config.h>
#include <lockstep/core/error.h>

namespace lockstep {

/// What `lockstep list` shows of a type.
struct TypeHelp {
    struct Key {
        std::string name;
        std::string fallback;  // "required" if there is none
        std::string text;      // one line
    };
    std::string summary;  // one line
    std::vector<Key> keys;
};

/// Names -> factories of one kind of thing (layers, losses, callbacks, ...).
template <typename T>
class Registry {
public:
    using Factory = std::function<std::unique_ptr<T>(const Config& keys)>;

    explicit Registry(std::string kind) : kind_(std::move(kind)) {}

    /// Throws ConfigError if the type exists.
    void add(const std::string& type, Factory factory, TypeHelp help = {}) {
        if (!entries_.emplace(type, Entry{std::move(factory), std::move(help)}).second)
            throw ConfigError("the " + kind_ + " \"" + type + "\" is registered twice");
    }

    /// Makes one from a string (the type alone) or a table with `type`; all keys must be used. Throws
    /// ConfigError.
    std::unique_ptr<T> make(const Config& config) const {
        const std::string type =
            config.is_string() ? config.as<std::string>() : config.get<std::string>("type");
        const Config keys = config.is_string() ? Config::table() : config;
        std::unique_ptr<T> made = find(type, config).factory(keys);
        if (config.is_table()) keys.reject_unknown_keys();
        return made;
    }

    std::vector<std::string> types() const {
        std::vector<std::string> names;
        for (const auto& [type, entry] : entries_) names.push_back(type);
        return names;
    }
    bool contains(const std::string& type) const { return entries_.contains(type); }
    /// Precondition of both: contains(type).
    const TypeHelp& help(const std::string& type) const { return entries_.at(type).help; }
    const Factory& factory(const std::string& type) const { return entries_.at(type).factory; }
    const std::string& kind() const { return kind_; }

private:
    struct Entry {
        Factory factory;
        TypeHelp help;
    };

    const Entry& find(const std::string& type, const Config& config) const {
        const auto entry = entries_.find(type);
        if (entry != entries_.end()) return entry->second;
        std::string known;
        for (const auto& [name, unused] : entries_) known += (known.empty() ? "" : ", ") + name;
        const auto near = nearest(type, types());
        config.fail("there is no " + kind_ + " \"" + type + "\"" +
                    (near ? "; did you mean \"" + *near + "\"?" : "; known: " + known));
    }

    std::string kind_;
    std::map<std::string, Entry> entries_;
};

}  // namespace lockstep
