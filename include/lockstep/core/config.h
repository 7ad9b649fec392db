#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lockstep {

struct ConfigNode;

/// A tree of settings: a job file, the options of one layer, the state of a callback. Every part knows
/// where it came from, so that an error can say "job.toml:12: training.batch_size: expected ...".
///
/// A table keeps the order of its keys, and remembers which were read: reject_unknown_keys() then
/// names those that nobody asked for. Copies share the tree.
class Config {
public:
    enum class Kind { null, boolean, integer, floating, string, array, table };

    /// Where a value was written.
    struct Origin {
        std::string file;  // empty: made by a program
        int line = 0;      // 0: not from a file
    };

    Config();                        // null
    Config(bool value);              // NOLINT(google-explicit-constructor): literals are settings
    Config(int value);               // NOLINT(google-explicit-constructor)
    Config(std::int64_t value);      // NOLINT(google-explicit-constructor)
    Config(std::size_t value);       // NOLINT(google-explicit-constructor)
    Config(double value);            // NOLINT(google-explicit-constructor)
    Config(const char* value);       // NOLINT(google-explicit-constructor)
    Config(std::string value);       // NOLINT(google-explicit-constructor)
    Config(std::string_view value);  // NOLINT(google-explicit-constructor)
    static Config array(std::vector<Config> elements = {});
    static Config table(std::initializer_list<std::pair<std::string, Config>> entries = {});

    /// Throws ConfigError naming `name` and the line if `text` is not JSON.
    static Config from_json(std::string_view text, const std::string& name = "");
    /// NaN and infinities are written as "NaN", "Infinity" and "-Infinity", which as<double>() reads.
    std::string to_json(int indent = -1) const;
    /// As TOML, tables of the first level as sections. Null entries are left out. Throws ConfigError if
    /// this is no table.
    std::string to_toml() const;

    Kind kind() const;
    bool is_null() const { return kind() == Kind::null; }
    bool is_table() const { return kind() == Kind::table; }
    bool is_array() const { return kind() == Kind::array; }
    bool is_string() const { return kind() == Kind::string; }
    bool is_number() const { return kind() == Kind::integer || kind() == Kind::floating; }

    const Origin& origin() const;
    /// Dotted path from the root: "model.layers[1].units"; empty at the root.
    const std::string& path() const;
    /// "job.toml:12: model.layers[1].units": how messages about this value begin.
    std::string where() const;

    /// Sets origin and path of this value, the paths below it, and the origin of everything below it
    /// that has none of its own.
    void set_origin(const Origin& origin, const std::string& path);

    // Tables -----------------------------------------------------------------------------------------------

    // Null reads like an empty table; any other kind throws ConfigError.

    bool contains(std::string_view key) const;  // and is not null
    std::vector<std::string> keys() const;
    /// Throws ConfigError if this is no table or has no such key; the message names the nearest one.
    Config at(std::string_view key) const;
    /// Null if absent.
    Config find(std::string_view key) const;
    /// Adds or replaces an entry of this table. A value without an origin gets its path from here.
    void set(const std::string& key, Config value);
    void erase(std::string_view key);

    /// The value of a required key. T: bool, int, std::int64_t, std::size_t, double, std::string, a
    /// std::vector of them, or Config for a value of any kind. Throws ConfigError (where, expected, got) on a
    /// missing key or another type. An integer serves as a double; a negative integer is an error for
    /// std::size_t.
    template <typename T>
    T get(std::string_view key) const {
        return at(key).as<T>();
    }
    /// The value of a key that may be absent.
    template <typename T>
    T get(std::string_view key, T fallback) const {
        const Config entry = find(key);
        return entry.is_null() ? std::move(fallback) : entry.as<T>();
    }
    template <typename T>
    std::optional<T> get_optional(std::string_view key) const {
        const Config entry = find(key);
        return entry.is_null() ? std::nullopt : std::optional<T>(entry.as<T>());
    }

    /// Throws ConfigError for the first key of this table that was never asked for (by contains, at,
    /// find or get), naming file, line, key and the nearest key that was.
    void reject_unknown_keys() const;

    // Arrays -----------------------------------------------------------------------------------------------

    std::size_t size() const;
    /// Precondition: index < size().
    Config operator[](std::size_t index) const;
    void push_back(Config element);
    void set(std::size_t index, Config value);

    // Values -----------------------------------------------------------------------------------------------

    template <typename T>
    T as() const;

    /// Throws PlacedConfigError("<where>: <message>"), or ConfigError(message) if this comes from nowhere.
    [[noreturn]] void fail(const std::string& message) const;

    /// The same values, wherever they were written.
    bool operator==(const Config& other) const;

private:
    explicit Config(std::shared_ptr<ConfigNode> node);
    std::shared_ptr<ConfigNode> node_;
};

/// The candidate with the smallest edit distance to `word`, if one is near enough to be a slip.
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace lockstep
