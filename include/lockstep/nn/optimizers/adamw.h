#pragma once

#include <lockstep/nn/optimizers/adam.h>

namespace lockstep {

/// Adam that takes a part of each weight away before every update (Loshchilov and Hutter, "Decoupled weight
/// decay regularization", ICLR 2019). As with every optimizer here weight_decay is decoupled, so that this
/// differs from Adam in the default alone.
class AdamW final : public Adam {
public:
    /// Where common.weight_decay is absent it is 0.004, Keras' default. Throws ConfigError as Adam does.
    explicit AdamW(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Optimizer> from_config(const Config& keys);

    std::string_view type() const override { return "adamw"; }
};

}  // namespace lockstep
