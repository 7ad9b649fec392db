#pragma once

#include <lockstep/nn/optimizer.h>

namespace lockstep {

/// The options that all optimizers have, out of those of one of them.
template <typename Options>
OptimizerOptions common_options(const Options& options) {
    return {.learning_rate = options.learning_rate,
            .clipnorm = options.clipnorm,
            .global_clipnorm = options.global_clipnorm,
            .clipvalue = options.clipvalue,
            .gradient_accumulation_steps = options.gradient_accumulation_steps,
            .use_ema = options.use_ema,
            .ema_momentum = options.ema_momentum,
            .ema_overwrite_frequency = options.ema_overwrite_frequency};
}

/// The other way round: the rest of `Options` keeps its defaults.
template <typename Options>
Options with_common_options(const OptimizerOptions& common) {
    Options options;
    options.learning_rate = common.learning_rate;
    options.clipnorm = common.clipnorm;
    options.global_clipnorm = common.global_clipnorm;
    options.clipvalue = common.clipvalue;
    options.gradient_accumulation_steps = common.gradient_accumulation_steps;
    options.use_ema = common.use_ema;
    options.ema_momentum = common.ema_momentum;
    options.ema_overwrite_frequency = common.ema_overwrite_frequency;
    return options;
}

}  // namespace lockstep
