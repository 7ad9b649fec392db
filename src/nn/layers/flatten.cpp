#include <lockstep/nn/layers/flatten.h>

namespace lockstep {

const TypeHelp& Flatten::help() {
    static const TypeHelp help{.summary = "all axes of a sample as one: [28, 28, 1] -> [784]", .keys = {}};
    return help;
}

std::unique_ptr<Layer> Flatten::from_config(const Config& /*keys*/) {
    return std::make_unique<Flatten>();
}

}  // namespace lockstep
