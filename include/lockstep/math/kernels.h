#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

/// Vector kernels, compiled for several instruction sets and chosen at run time (Highway). Element by
/// element they do the same arithmetic wherever an element lies; sums run in an order that depends
/// on the length and the instruction set alone. All spans of a call have equal lengths.
namespace lockstep::math {

/// out = a + b; `out` may be one of them.
void add(std::span<const float> a, std::span<const float> b, std::span<float> out);

/// out = a * factor; `out` may be a.
void scale(std::span<const float> a, float factor, std::span<float> out);

/// values = min(max(values, -limit), limit)
void clip(std::span<float> values, float limit);

/// Sum of squares in double precision.
double sum_of_squares(std::span<const float> values);
/// Sum of magnitudes in double precision.
double sum_of_magnitudes(std::span<const float> values);

/// Whether no value is NaN or infinite.
bool all_finite(std::span<const float> values);

/// out = bytes * factor + offset
void from_bytes(std::span<const std::uint8_t> bytes, float factor, float offset, std::span<float> out);

/// out = a * factor + offset, element by element.
void affine(std::span<const float> a, std::span<const float> factor, std::span<const float> offset,
            std::span<float> out);

/// Adds `bias` [columns] to each row of `values` [rows, columns].
void add_bias(std::span<const float> bias, std::size_t rows, std::span<float> values);

/// bias_gradient [columns] = the sum over the rows of `gradient` [rows, columns].
void sum_rows(std::span<const float> gradient, std::size_t rows, std::span<float> bias_gradient);

// Activations. Forward: y = f(x), in place allowed. Backward: dx = dy * f'(x) written with y = f(x); in place
// (dx = dy) allowed.
// -------------------------------------------------------------------------------------------

void relu(std::span<const float> x, std::span<float> y);
void relu_backward(std::span<const float> y, std::span<const float> dy, std::span<float> dx);
void sigmoid(std::span<const float> x, std::span<float> y);
void sigmoid_backward(std::span<const float> y, std::span<const float> dy, std::span<float> dx);
void tanh(std::span<const float> x, std::span<float> y);
void tanh_backward(std::span<const float> y, std::span<const float> dy, std::span<float> dx);

/// Functions of a number that apply() knows; `a` is the parameter of the call, others ignore it.
enum class Function {
    elu,           // x > 0 ? x : a (exp(x) - 1), a >= 0
    exponential,   // exp(x)
    gelu,          // x Phi(x), Phi the distribution function of the normal distribution
    gelu_tanh,     // 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))
    hard_sigmoid,  // min(max(x + 3, 0), 6) / 6
    hard_silu,     // x hard_sigmoid(x)
    hard_tanh,     // min(max(x, -1), 1)
    leaky_relu,    // x > 0 ? x : a x, a >= 0
    mish,          // x tanh(softplus(x))
    relu6,         // min(max(x, 0), 6)
    selu,          // elu of a = 1.67326324..., times 1.05070098... (Klambauer et al., 2017)
    silu,          // x sigmoid(x)
    softplus,      // log(1 + exp(x))
    softsign,      // x / (1 + |x|)
};
/// y = f(x); in place allowed.
void apply(Function function, float a, std::span<const float> x, std::span<float> y);
/// dx = dy * f'(x), in place (dx = dy) allowed; `known` is x where slope_needs_input(), else y = f(x).
void apply_gradient(Function function, float a, std::span<const float> known, std::span<const float> dy,
                    std::span<float> dx);
bool slope_needs_input(Function function);

/// Each row of [rows, columns]: y = exp(x - max x) / sum exp(x - max x).
void softmax(std::span<const float> x, std::size_t rows, std::span<float> y);
/// dx = y * (dy - sum(y * dy)), row by row.
void softmax_backward(std::span<const float> y, std::span<const float> dy, std::size_t rows,
                      std::span<float> dx);
/// Each row: y = x - max x - log(sum exp(x - max x)).
void log_softmax(std::span<const float> x, std::size_t rows, std::span<float> y);
/// dx = dy - exp(y) * sum(dy), row by row.
void log_softmax_backward(std::span<const float> y, std::span<const float> dy, std::size_t rows,
                          std::span<float> dx);

// Running averages. Optimizer steps: optimizer_kernels.h
// -------------------------------------------------------------------------------------------

/// average = decay * average + (1 - decay) * value
void follow(std::span<const float> values, double decay, std::span<float> average);

// Which instruction set
// ----------------------------------------------------------------------------------------

/// A bit per instruction set that this CPU and this build have (Highway's target bits; a lower bit is a
/// better set).
std::int64_t simd_targets();
/// Uses none but these from now on; all ranks must agree for the same bits. Not while a kernel runs. Throws
/// Error if none of them is there.
void limit_simd_targets(std::int64_t targets);
/// "AVX3"
const char* simd_target_name();

}  // namespace lockstep::math
