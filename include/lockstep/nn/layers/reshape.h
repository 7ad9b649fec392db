#pragma once

#include <cstdint>
#include <vector>

#include <lockstep/core/registry.h>
#include <lockstep/nn/layers/view.h>

namespace lockstep {

/// The numbers of a sample in another shape: [784] -> [28, 28, 1]. Copies nothing: the output is the input's
/// memory.
class Reshape final : public View {
public:
    struct Options {
        std::vector<std::int64_t> target_shape;  // one may be -1: what is left
    };

    /// Throws ConfigError unless all extents are at least 1, but for one that may be -1.
    explicit Reshape(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Layer> from_config(const Config& keys);

    std::string_view type() const override { return "reshape"; }
    Config config() const override;
    /// Throws ShapeError if the target has another number of elements.
    Shape build(const Shape& input) override;

private:
    Options options_;
};

}  // namespace lockstep
