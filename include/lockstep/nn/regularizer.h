#pragma once

#include <memory>
#include <span>
#include <string_view>

#include <lockstep/core/config.h>

namespace lockstep {

/// Something that a weight adds to the loss of every batch, element by element, so that any rank can work on
/// any stretch of it.
class Regularizer {
public:
    virtual ~Regularizer() = default;

    /// "l1_l2"
    virtual std::string_view type() const = 0;

    /// What makes the same regularizer: a table of the type and its keys.
    virtual Config config() const = 0;

    /// What these elements add to the loss.
    virtual double penalty(std::span<const float> weights) const = 0;

    /// gradient += d penalty / d weights. Spans have the same length.
    virtual void add_gradient(std::span<const float> weights, std::span<float> gradient) const = 0;
};

/// `config` is Keras' name, or a table with `type` and keys. Built in are l1 (l1), l2 (l2) and l1_l2 (l1,
/// l2). Null: none. Throws ConfigError naming the key, or the nearest name if there is none of that name.
std::shared_ptr<const Regularizer> make_regularizer(const Config& config);

}  // namespace lockstep
