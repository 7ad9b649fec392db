#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <lockstep/comm/communicator.h>
#include <lockstep/core/matrix_view.h>
#include <lockstep/train/training_run.h>

namespace lockstep {

/// Counts which class was taken for which. Each rank counts its own samples; merge() adds them up.
class ConfusionMatrix {
public:
    ConfusionMatrix() = default;
    /// For `outputs` numbers per sample: so many classes; two for a single output, told apart at 0.5.
    explicit ConfusionMatrix(std::size_t outputs);

    void clear();
    /// Takes over what merge() gave before; on one rank alone.
    void restore(std::span<const std::int64_t> merged);
    /// Adds samples. `targets`: labels [n, 1], or as many numbers per sample as there are outputs.
    void add(ConstMatrix outputs, ConstMatrix targets);
    /// Collective. Every rank has the counts of all ranks then.
    void merge(const Communicator& world);

    ConfusionCounts counts() const { return {.classes = classes_, .counts = merged_}; }

private:
    std::size_t classes_ = 0;
    std::vector<double> counts_;  // whole numbers, as MPI adds them
    std::vector<std::int64_t> merged_;
};

}  // namespace lockstep
