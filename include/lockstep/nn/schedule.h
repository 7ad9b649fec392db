#pragma once

#include <cstdint>
#include <string_view>

#include <lockstep/core/config.h>

namespace lockstep {

/// A learning rate that is a function of the number of updates done so far, and of nothing else.
class Schedule {
public:
    virtual ~Schedule() = default;

    /// "cosine_decay"
    virtual std::string_view type() const = 0;

    /// The keys that make the same schedule from a job file, without type.
    virtual Config config() const = 0;

    /// The rate of the update after `step` others, finite and at least 0. Precondition: step >= 0.
    virtual double rate(std::int64_t step) const = 0;
};

}  // namespace lockstep
