#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace lockstep {

/// Batches, samples and seconds of the last so many batches.
class RateWindow {
public:
    struct Sum {
        double seconds = 0;
        std::uint64_t batches = 0;
        std::uint64_t samples = 0;
    };

    /// `batches` > 0.
    explicit RateWindow(std::size_t batches) : ends_(batches) {}

    /// The first batch begins at this time, in seconds on any clock; earlier ones are forgotten.
    void start(double seconds);
    /// A batch of so many samples ended.
    void add(double seconds, std::uint64_t samples);
    Sum sum() const;

private:
    struct End {
        double seconds = 0;
        std::uint64_t samples = 0;  // all since start()
    };

    std::vector<End> ends_;  // a ring
    End before_;             // the batch that left the ring last, or the start
    std::uint64_t count_ = 0;
};

}  // namespace lockstep
