#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include <lockstep/core/error.h>
#include <lockstep/launch/job_file.h>
#include <lockstep/launch/overrides.h>

namespace lockstep {
namespace {

/// One part of a dotted key: "callbacks", or the index in "callbacks[0]".
struct Step {
    std::string name;
    std::optional<std::size_t> index;
};

/// An assignment on its way to its place, for messages.
struct Assignment {
    std::string text;
    std::vector<Step> steps;
    std::string value;

    [[noreturn]] void fail(const std::string& message) const {
        throw ConfigError("--set " + text + ": " + message);
    }
    std::string origin() const { return "--set " + text; }
};

std::vector<std::string> split_at_dots(std::string_view key) {
    std::vector<std::string> parts(1);
    bool quoted = false;
    for (const char c : key) {
        if (c == '"')
            quoted = !quoted;
        else if (c == '.' && !quoted)
            parts.emplace_back();
        else
            parts.back() += c;
    }
    return parts;
}

std::size_t read_index(const Assignment& assignment, std::string_view digits) {
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
    if (error != std::errc() || end != digits.data() + digits.size())
        assignment.fail("expected an index such as [0], got [" + std::string(digits) + "]");
    return index;
}

/// "callbacks[0]" is the name and, for each pair of brackets, an index.
void add_steps(Assignment& assignment, const std::string& part) {
    const std::size_t bracket = part.find('[');
    const std::string name = part.substr(0, bracket);
    if (name.empty()) assignment.fail("expected a key such as training.epochs");
    assignment.steps.push_back({name, {}});
    std::string_view rest =
        bracket == std::string::npos ? std::string_view() : std::string_view(part).substr(bracket);
    while (!rest.empty()) {
        const std::size_t end = rest.find(']');
        if (rest.front() != '[' || end == std::string_view::npos)
            assignment.fail("expected an index such as [0] in \"" + part + "\"");
        assignment.steps.push_back({"", read_index(assignment, rest.substr(1, end - 1))});
        rest.remove_prefix(end + 1);
    }
}

/// The '=' that ends the key: the first one outside of quotes.
Assignment parse_assignment(const std::string& text) {
    bool quoted = false;
    const auto equals = std::ranges::find_if(text, [&](char c) {
        quoted ^= c == '"';
        return c == '=' && !quoted;
    });
    Assignment assignment{text, {}, {}};
    if (equals == text.end()) assignment.fail("expected KEY=VALUE");
    assignment.value = std::string(equals + 1, text.end());
    for (const std::string& part : split_at_dots(std::string(text.begin(), equals)))
        add_steps(assignment, part);
    return assignment;
}

std::string own_name(const Config& element) {
    if (element.is_string()) return element.as<std::string>();
    if (!element.is_table()) return "";
    for (const char* key : {"name", "type"}) {
        const Config value = element.find(key);
        if (value.is_string()) return value.as<std::string>();
    }
    return "";
}

/// Names of the elements: as layers are named, the second "dense" is "dense_1".
std::vector<std::string> element_names(const Config& array) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < array.size(); ++i) {
        const std::string base = own_name(array[i]);
        std::string name = base;
        for (int count = 1; std::ranges::find(names, name) != names.end(); ++count)
            name = base + "_" + std::to_string(count);
        names.push_back(name);
    }
    return names;
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

std::size_t find_element(const Assignment& assignment, const Config& array, const Step& step) {
    if (step.index) {
        if (*step.index >= array.size())
            assignment.fail(array.where() + " has " + std::to_string(array.size()) +
                            " elements, so there is no [" + std::to_string(*step.index) + "]");
        return *step.index;
    }
    const std::vector<std::string> names = element_names(array);
    const auto found = std::ranges::find(names, step.name);
    if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
    const auto near = nearest(step.name, names);
    assignment.fail("there is no \"" + step.name + "\" in " + array.where() +
                    (near ? "; did you mean \"" + *near + "\"?" : "; there are: " + joined(names)));
}

Config parse_value(const Assignment& assignment, const Config& old) {
    try {
        return parse_toml_value(assignment.value, assignment.origin());
    } catch (const ConfigError& error) {
        if (!old.is_null() && !old.is_string()) throw;
        return Config(assignment.value);
    }
}

/// The value with the origin of the flag and the path of its place.
Config new_value(const Assignment& assignment, const Config& old, const std::string& path) {
    Config value = parse_value(assignment, old);
    value.set_origin({"--set", 0}, path);
    return value;
}

/// Descends from `at` and puts the value in place; `at` shares the tree.
void assign(const Assignment& assignment, Config at, std::size_t depth) {
    const Step& step = assignment.steps[depth];
    const bool last = depth + 1 == assignment.steps.size();
    if (at.is_array()) {
        const std::size_t index = find_element(assignment, at, step);
        if (!last) return assign(assignment, at[index], depth + 1);
        return at.set(index, new_value(assignment, at[index], at[index].path()));
    }
    if (!at.is_table() || step.index)
        assignment.fail(at.where() + " is neither a table nor an array, so it has nothing to set inside");
    const Config old = at.find(step.name);
    if (last) return at.set(step.name, new_value(assignment, old, old.path()));
    if (old.is_null()) {
        Config table = Config::table();
        table.set_origin({"--set", 0}, old.path());
        at.set(step.name, table);
    }
    assign(assignment, at.at(step.name), depth + 1);
}

/// A tree forgets nothing: looking for a place marks keys as known. A copy has no marks.
Config unmarked_copy(const Config& config) {
    if (!config.is_table() && !config.is_array()) return config;
    Config copy = config.is_table() ? Config::table() : Config::array();
    copy.set_origin(config.origin(), config.path());
    if (config.is_table()) {
        for (const std::string& key : config.keys()) copy.set(key, unmarked_copy(config.at(key)));
    } else {
        for (std::size_t i = 0; i < config.size(); ++i) copy.push_back(unmarked_copy(config[i]));
    }
    return copy;
}

}  // namespace

Config with_overrides(const Config& job, const std::vector<std::string>& assignments) {
    const Config changed = unmarked_copy(job);
    for (const std::string& text : assignments) assign(parse_assignment(text), changed, 0);
    return unmarked_copy(changed);
}

}  // namespace lockstep
