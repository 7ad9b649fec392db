#pragma once

#include <span>

/// Optimizer steps (formulas: Keras 3), by the rules of kernels.h: element by element the same arithmetic
/// wherever an element lies, and all spans of a call have equal lengths. `gradient` is the mean gradient.
/// Steps hold doubles, so that 1 - beta is rounded once, as in Keras.
namespace lockstep::math {

/// w -= rate * g
void sgd(std::span<const float> gradient, float rate, std::span<float> weights);

/// v = momentum * v - rate * g;  w += nesterov ? momentum * v - rate * g : v
void sgd_momentum(std::span<const float> gradient, float rate, float momentum, bool nesterov,
                  std::span<float> velocity, std::span<float> weights);

/// w -= rate * sign(beta_1 * m + (1 - beta_1) * g);  m = beta_2 * m + (1 - beta_2) * g. sign(NaN) is NaN.
struct LionStep {
    double rate, beta_1, beta_2;
};
void lion(std::span<const float> gradient, const LionStep& step, std::span<float> m,
          std::span<float> weights);

/// v = rho * v + (1 - rho) * g^2;  m = momentum * m + rate * g / sqrt(v + epsilon);  w -= m. Without momentum
/// `moment` is empty and w -= rate * g / sqrt(v + epsilon). Centered: `mean` (else empty) follows g as
/// rho * mean + (1 - rho) * g, and v - mean^2 takes the place of v under the root.
struct RmspropStep {
    double rate, rho, momentum, epsilon;
};
void rmsprop(std::span<const float> gradient, const RmspropStep& step, std::span<float> velocity,
             std::span<float> moment, std::span<float> mean, std::span<float> weights);

// The Adam family: m += (g - m) (1 - beta_1);  v += (g^2 - v) (1 - beta_2). What depends on the number of the
// update is the caller's.
// ------------------------------------------------------------------------------------

/// w -= alpha * m / (sqrt(v) + epsilon), where alpha = rate * sqrt(1 - beta_2^t) / (1 - beta_1^t).
struct AdamStep {
    double alpha, beta_1, beta_2, epsilon;
};
void adam(std::span<const float> gradient, const AdamStep& step, std::span<float> m, std::span<float> v,
          std::span<float> weights);

/// As adam(), but the largest v so far, kept in `largest`, is what goes under the root.
void amsgrad(std::span<const float> gradient, const AdamStep& step, std::span<float> m, std::span<float> v,
             std::span<float> largest, std::span<float> weights);

/// w -= (momentum_rate * m + gradient_rate * g) / (sqrt(v * correction) + epsilon)
struct NadamStep {
    double momentum_rate, gradient_rate, correction, beta_1, beta_2, epsilon;
};
void nadam(std::span<const float> gradient, const NadamStep& step, std::span<float> m, std::span<float> v,
           std::span<float> weights);

/// u = max(beta_2 * u, |g|);  w -= alpha * m / (u + epsilon), where alpha = rate / (1 - beta_1^t).
void adamax(std::span<const float> gradient, const AdamStep& step, std::span<float> m, std::span<float> u,
            std::span<float> weights);

/// m and v alone.
void adam_moments(std::span<const float> gradient, double beta_1, double beta_2, std::span<float> m,
                  std::span<float> v);

/// out = first * m / (sqrt(second * v) + epsilon), where first = 1 / (1 - beta_1^t), second = 1 / (1 -
/// beta_2^t).
struct AdamDirection {
    double first, second, epsilon;
};
void adam_direction(std::span<const float> m, std::span<const float> v, const AdamDirection& direction,
                    std::span<float> out);

// Sums over all steps
// ----------------------------------------------------------------------------------------

/// sum += g^2;  w -= rate * g / sqrt(sum + offset)
struct AdagradStep {
    double rate, offset;
};
void adagrad(std::span<const float> gradient, const AdagradStep& step, std::span<float> sum,
             std::span<float> weights);

/// v = rho * v + (1 - rho) * g^2;  d = -sqrt(c + epsilon) / sqrt(v + epsilon) * g;
/// c = rho * c + (1 - rho) * d^2;  w += rate * d
struct AdadeltaStep {
    double rate, rho, epsilon;
};
void adadelta(std::span<const float> gradient, const AdadeltaStep& step, std::span<float> v,
              std::span<float> c, std::span<float> weights);

/// n = sum + offset before, n' = n + g^2 after this step:
/// linear += g + 2 l2_shrinkage * w - (sqrt(n') - sqrt(n)) / rate * w;
/// w = (min(max(linear, -l1), l1) - linear) / (sqrt(n') / rate + 2 l2). Precondition: rate > 0.
struct FtrlStep {
    double rate, offset, l1, l2, l2_shrinkage;
};
void ftrl(std::span<const float> gradient, const FtrlStep& step, std::span<float> sum,
          std::span<float> linear, std::span<float> weights);

}  // namespace lockstep::math
