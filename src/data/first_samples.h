#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include <lockstep/data/source.h>

namespace lockstep {

/// The beginning of another source.
class FirstSamples final : public Source {
public:
    /// Precondition: count <= source->size().
    FirstSamples(std::unique_ptr<Source> source, std::uint64_t count)
        : source_(std::move(source)), count_(count) {}

    std::uint64_t size() const override { return count_; }
    const Shape& input_shape() const override { return source_->input_shape(); }
    const Shape& target_shape() const override { return source_->target_shape(); }
    bool has_targets() const override { return source_->has_targets(); }
    bool has_weights() const override { return source_->has_weights(); }
    void read(std::span<const std::uint64_t> indices, const SampleRows& out) const override {
        source_->read(indices, out);
    }
    bool may_block() const override { return source_->may_block(); }
    std::string describe() const override {
        return source_->describe() + ", first " + std::to_string(count_);
    }

private:
    std::unique_ptr<Source> source_;
    std::uint64_t count_;
};

}  // namespace lockstep
