#pragma once

#include <memory>
#include <optional>
#include <string>

#include <lockstep/core/registry.h>
#include <lockstep/data/idx.h>
#include <lockstep/data/layout.h>
#include <lockstep/data/source.h>

namespace lockstep {

/// Samples of IDX files, kept in memory as they are in the file: bytes become floats when a batch is read.
class IdxSource final : public Source {
public:
    struct Options {
        std::string inputs;  // file
        std::optional<std::string> targets = {};
        float scale = 1.0F;  // of the inputs
        Layout layout = Layout::channels_last;
    };

    /// Images with two axes get one channel. Throws IoError, or DataError if a file is malformed or the files
    /// have different numbers of samples.
    explicit IdxSource(const Options& options);

    static const TypeHelp& help();
    static std::unique_ptr<Source> from_config(const Config& keys);

    std::uint64_t size() const override { return inputs_.extents[0]; }
    const Shape& input_shape() const override { return input_shape_; }
    const Shape& target_shape() const override { return target_shape_; }
    bool has_targets() const override { return targets_.has_value(); }
    void read(std::span<const std::uint64_t> indices, const SampleRows& out) const override;
    std::string describe() const override { return "idx " + name_; }

private:
    std::string name_;
    float scale_;
    IdxArray inputs_;
    std::optional<IdxArray> targets_;
    Shape input_shape_, target_shape_{0};
};

}  // namespace lockstep
