#pragma once

#include <atomic>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include <lockstep/core/error.h>
#include <lockstep/data/dataset.h>

namespace lockstep {

/// Sample i has the inputs {i, i + 0.5}, the target {10 i} and the weight i / 100; reading `poison` throws.
class CountingSource final : public Source {
public:
    explicit CountingSource(std::uint64_t samples) : samples_(samples) {}

    std::uint64_t size() const override { return samples_; }
    const Shape& input_shape() const override { return input_; }
    const Shape& target_shape() const override { return target_; }
    bool has_weights() const override { return true; }
    void read(std::span<const std::uint64_t> indices, const SampleRows& out) const override {
        for (std::size_t i = 0; i < indices.size(); ++i) {
            if (indices[i] == poison) throw DataError("sample " + std::to_string(poison) + " is poisoned");
            const auto value = static_cast<float>(indices[i]);
            if (!out.inputs.empty()) {
                out.inputs.row(i)[0] = value;
                out.inputs.row(i)[1] = value + 0.5F;
            }
            if (!out.targets.empty()) out.targets.row(i)[0] = 10.0F * value;
            if (!out.weights.empty()) out.weights[i] = value / 100.0F;
        }
        reads += indices.size();
        ++calls_;
    }
    std::string describe() const override { return "counting"; }

    std::atomic<std::uint64_t> poison = ~std::uint64_t{0};
    mutable std::atomic<std::uint64_t> reads = 0;

private:
    std::uint64_t samples_;
    mutable std::uint64_t calls_ = 0;  // not atomic: the thread sanitizer sees two readers at once
    Shape input_{2}, target_{1};
};

inline std::vector<std::uint64_t> range(std::uint64_t first, std::uint64_t count) {
    std::vector<std::uint64_t> indices(count);
    std::iota(indices.begin(), indices.end(), first);
    return indices;
}

/// What a read gave.
struct Rows {
    std::vector<float> inputs, targets, weights;
};

template <typename Readable>
Rows read_rows(const Readable& data, const std::vector<std::uint64_t>& indices, bool weights = false) {
    const std::size_t inputs = data.input_shape().size();
    const std::size_t targets = data.has_targets() ? data.target_shape().size() : 0;
    Rows rows{std::vector<float>(indices.size() * inputs), std::vector<float>(indices.size() * targets), {}};
    if (weights) rows.weights.resize(indices.size());
    data.read(indices, {.inputs = {rows.inputs.data(), indices.size(), inputs},
                        .targets = {rows.targets.data(), indices.size(), targets},
                        .weights = rows.weights});
    return rows;
}

}  // namespace lockstep
