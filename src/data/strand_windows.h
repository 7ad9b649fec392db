#pragma once

#include <array>
#include <cstddef>

#include "sample_window.h"

namespace lockstep {

/// Two windows of one strand: the one that batches take from, and the next one.
class StrandWindows {
public:
    /// Room for `capacity` samples in each.
    StrandWindows(const Dataset& dataset, std::size_t capacity, bool targets)
        : windows_{SampleWindow(dataset, capacity, targets), SampleWindow(dataset, capacity, targets)} {}

    /// The window that batches take from from now on. `list` appends its samples unless it is there already.
    template <typename List>
    SampleWindow& current(const WindowKey& key, List&& list) {
        current_ = find(key, list);
        return windows_[current_];
    }
    /// Another one, in place of whichever is not the current one.
    template <typename List>
    SampleWindow& next(const WindowKey& key, List&& list) {
        return windows_[find(key, list)];
    }

private:
    template <typename List>
    std::size_t find(const WindowKey& key, List&& list) {
        for (const std::size_t i : {current_, 1 - current_})
            if (windows_[i].holds(key)) return i;
        windows_[1 - current_].begin(key, list);
        return 1 - current_;
    }

    std::array<SampleWindow, 2> windows_;
    std::size_t current_ = 0;
};

}  // namespace lockstep
