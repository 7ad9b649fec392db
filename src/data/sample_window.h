#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include <lockstep/data/dataset.h>

#include "row_buffer.h"

namespace lockstep {

/// Which window of which pass.
struct WindowKey {
    std::uint64_t pass = 0;
    std::uint64_t first = 0;  // place of the sequence
    bool operator==(const WindowKey&) const = default;
};

/// The samples of one window, read in the order of the data: long runs, few calls.
class SampleWindow {
public:
    /// Room for `capacity` samples.
    SampleWindow(const Dataset& dataset, std::size_t capacity, bool targets);

    bool holds(const WindowKey& key) const { return key_ == key; }

    /// From here on it is that window; `list` appends its samples, in any order.
    template <typename List>
    void begin(const WindowKey& key, List&& list) {
        key_.reset();
        samples_.clear();
        loaded_ = 0;
        list(samples_);
        std::ranges::sort(samples_);
        key_ = key;
    }

    std::size_t size() const { return samples_.size(); }
    /// Samples that are not read yet.
    std::size_t missing() const { return samples_.size() - loaded_; }
    /// Reads until the first `count` samples are there. Throws what the source throws; a second try goes on.
    void load(const Dataset& dataset, std::size_t count);

    /// Copies a sample into a row of what is wanted. Precondition: it is one of the window, and loaded.
    void copy(std::uint64_t sample, std::size_t row, const SampleRows& out);

private:
    std::optional<WindowKey> key_;
    std::vector<std::uint64_t> samples_;  // sorted
    std::size_t loaded_ = 0;              // the first so many are in rows_
    RowBuffer rows_;
};

}  // namespace lockstep
