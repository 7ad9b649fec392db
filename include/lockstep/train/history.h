#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <lockstep/core/config.h>
#include <lockstep/train/logs.h>

namespace lockstep {

/// The logs of every epoch, as columns of equal length; an epoch without a key has NaN there.
class History {
public:
    /// Adds a row. A new key is back-filled with NaN.
    void append(std::int64_t epoch, const Logs& logs);

    const std::vector<std::int64_t>& epochs() const { return epochs_; }
    std::vector<std::string> keys() const;
    bool contains(std::string_view key) const;
    /// Throws Error naming the keys that there are.
    const std::vector<double>& at(std::string_view key) const;

    /// The rows from `row` on.
    History since(std::size_t row) const;

    /// For checkpoints; NaN becomes null.
    Config config() const;
    static History from_config(const Config& config);

private:
    std::vector<std::int64_t> epochs_;
    std::vector<std::pair<std::string, std::vector<double>>> columns_;
};

}  // namespace lockstep
