#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <lockstep/core/matrix_view.h>
#include <lockstep/core/registry.h>

namespace lockstep {

/// A function of each row of a matrix; no weights, no state.
class Activation {
public:
    virtual ~Activation() = default;

    /// "relu"
    virtual std::string_view type() const = 0;

    /// values [rows, features] := f(values)
    virtual void apply(Matrix values) const = 0;

    /// Whether the gradient needs x: it does where f is not monotonic.
    virtual bool needs_input() const { return false; }

    /// gradient (dL/dy) := dL/dx, given y = f(x); x is empty unless needs_input().
    virtual void apply_gradient(ConstMatrix x, ConstMatrix y, Matrix gradient) const = 0;
};

/// The names that make_activation() knows, sorted.
std::vector<std::string> activation_types();

/// Its formula as summary; there are no keys. Throws ConfigError as make_activation() does.
const TypeHelp& activation_help(std::string_view type);

/// By Keras' name, see activation_types(); those over an axis work on each row. "linear" gives a null
/// pointer: nothing to do. Throws ConfigError naming the nearest one if there is none of that name.
std::unique_ptr<Activation> make_activation(std::string_view type);

}  // namespace lockstep
