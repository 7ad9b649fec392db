#pragma once

#include <memory>
#include <string>

#include <lockstep/data/source.h>

namespace lockstep {

class JoinedArrays;

/// Samples in arrays of files, whatever the format: the files one behind the other, several arrays joined
/// along the last axis. Only the rows that are asked for are read.
class JoinedSource : public Source {
public:
    ~JoinedSource() override;

    std::uint64_t size() const override;
    const Shape& input_shape() const override;
    const Shape& target_shape() const override;
    bool has_targets() const override { return parts_.targets != nullptr; }
    bool has_weights() const override { return parts_.weights != nullptr; }
    void read(std::span<const std::uint64_t> indices, const SampleRows& out) const override;
    bool may_block() const override { return true; }
    std::string describe() const override { return name_; }

protected:
    struct Parts {
        std::unique_ptr<JoinedArrays> inputs;
        std::unique_ptr<JoinedArrays> targets;  // may be null
        std::unique_ptr<JoinedArrays> weights;  // may be null
    };

    /// `scale` is that of the inputs. Throws DataError naming both parties if the numbers of samples do not
    /// agree, or if there is not one weight per sample.
    JoinedSource(std::string name, Parts parts, float scale);

private:
    std::string name_;
    Parts parts_;
    float scale_;
};

}  // namespace lockstep
