#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <lockstep/data/layout.h>
#include <lockstep/data/source.h>

namespace lockstep {

class JoinedArrays;

/// Samples of HDF5 files: the files one behind the other, several datasets joined along the last axis. Only
/// the rows that are asked for are read.
class Hdf5Source final : public Source {
public:
    struct Options {
        std::vector<std::string> files;
        std::vector<std::string> inputs;        // datasets [samples, ...]
        std::vector<std::string> targets = {};  // may be empty
        std::optional<std::string> sample_weight = {};
        float scale = 1.0F;  // of the inputs
        Layout layout = Layout::channels_last;
        bool allow_links = false;
    };

    /// Opens all files. Throws IoError, or DataError naming both parties if shapes or numbers of samples do
    /// not agree.
    explicit Hdf5Source(const Options& options);
    ~Hdf5Source() override;

    std::uint64_t size() const override;
    const Shape& input_shape() const override;
    const Shape& target_shape() const override;
    bool has_targets() const override { return targets_ != nullptr; }
    bool has_weights() const override { return weights_ != nullptr; }
    void read(std::span<const std::uint64_t> indices, const SampleRows& out) const override;
    bool may_block() const override { return true; }
    std::string describe() const override { return "hdf5 " + name_; }

private:
    std::string name_;
    float scale_;
    std::unique_ptr<JoinedArrays> inputs_, targets_, weights_;
};

}  // namespace lockstep
