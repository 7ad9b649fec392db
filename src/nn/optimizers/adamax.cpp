#include <lockstep/core/construct.h>
#include <lockstep/math/optimizer_kernels.h>
#include <lockstep/nn/optimizers/adamax.h>

#include "common_keys.h"

namespace lockstep {

std::vector<std::string> Adamax::slots() const {
    return {"momentum", "norm"};
}

void Adamax::update(const SliceUpdate& slice) const {
    const math::AdamStep step{.alpha = slice.learning_rate / bias_correction_1(slice.iteration),
                              .beta_1 = beta_1(),
                              .beta_2 = beta_2(),
                              .epsilon = epsilon()};
    math::adamax(slice.gradient, step, slice.slots[0], slice.slots[1], slice.weights);
}

const TypeHelp& Adamax::help() {
    static const TypeHelp help =
        optimizer_help("divides by the largest recent magnitude of the gradient", "0.001",
                       {{"beta_1", "0.9", "decay of the mean gradient, in [0, 1)"},
                        {"beta_2", "0.999", "decay of the largest magnitude, in [0, 1)"},
                        {"epsilon", "1e-7", "added to the largest magnitude"}});
    return help;
}

std::unique_ptr<Optimizer> Adamax::from_config(const Config& keys) {
    return construct_from<Adamax>(keys, read_options(keys));
}

}  // namespace lockstep
