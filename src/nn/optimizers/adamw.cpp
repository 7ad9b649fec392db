#include <algorithm>

#include <lockstep/core/construct.h>
#include <lockstep/nn/optimizers/adamw.h>

namespace lockstep {
namespace {

Adam::Options with_decay(Adam::Options options) {
    if (!options.common.weight_decay) options.common.weight_decay = 0.004;
    return options;
}

TypeHelp with_decay(TypeHelp help) {
    std::ranges::find(help.keys, "weight_decay", &TypeHelp::Key::name)->fallback = "0.004";
    return help;
}

}  // namespace

AdamW::AdamW(Options options) : Adam(with_decay(std::move(options))) {}

const TypeHelp& AdamW::help() {
    static const TypeHelp help = with_decay(Adam::help("adaptive moments and weight decay"));
    return help;
}

std::unique_ptr<Optimizer> AdamW::from_config(const Config& keys) {
    return construct_from<AdamW>(keys, read_options(keys));
}

}  // namespace lockstep
