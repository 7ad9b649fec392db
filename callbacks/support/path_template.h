#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <lockstep/train/logs.h>

namespace lockstep {

/// A file name with places for numbers, as in Keras: "epoch-{epoch:04d}-{val_loss:.3f}.h5". What may follow
/// the colon is what printf and Python call a format.
class PathTemplate {
public:
    /// Counts as they are in hooks, from 0; the name shows them from 1.
    struct Counts {
        std::int64_t epoch = 0;
        std::int64_t step = 0;
        std::int64_t batch = 0;
    };

    /// Throws ConfigError if a brace has no partner, a key is empty, or a format is wrong.
    explicit PathTemplate(const std::string& text);

    /// The keys that are not epoch, step or batch: they must be in the logs.
    std::vector<std::string> log_keys() const;
    /// Throws ConfigError if the logs lack a key (the message lists theirs).
    std::string render(const Counts& counts, const Logs& logs) const;

private:
    /// Text, followed by a place unless `key` is empty.
    struct Part {
        std::string text;
        std::string key;
        std::string format;  // "{:04d}"
    };

    void read_place(const std::string& place, Part& part) const;
    std::string render_key(const Part& part, const Counts& counts, const Logs& logs) const;

    std::string text_;
    std::vector<Part> parts_;
};

}  // namespace lockstep
