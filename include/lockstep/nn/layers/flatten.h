#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/layers/view.h>

namespace lockstep {

/// All axes of a sample as one: [28, 28, 1] -> [784]. Copies nothing: the output is the input's memory.
class Flatten final : public View {
public:
    static const TypeHelp& help();
    static std::unique_ptr<Layer> from_config(const Config& keys);

    std::string_view type() const override { return "flatten"; }
    Config config() const override { return Config::table(); }
    Shape build(const Shape& input) override { return {input.size()}; }
};

}  // namespace lockstep
