// The normal distribution, once per instruction set; the include guard is Highway's kind.
#if defined(LOCKSTEP_MATH_NORMAL_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef LOCKSTEP_MATH_NORMAL_INL_H
#undef LOCKSTEP_MATH_NORMAL_INL_H
#else
#define LOCKSTEP_MATH_NORMAL_INL_H
#endif

#include <iterator>

#include "exp_inl.h"

HWY_BEFORE_NAMESPACE();
namespace lockstep::math::HWY_NAMESPACE {

/// Phi(x) = (1 + erf(x / sqrt(2))) / 2 and its derivative, to a relative error of 1e-6 in the tail as well.
///
/// Phi(-a) = exp(-a^2 / 2) P(q) / (a + 3) for a >= 0, q = (a - 3) / (a + 3), where the polynomial P is a
/// least squares fit of the relative error (7e-8) over [0, 15]. NaN counts as 15.
struct Normal {
    Vector distribution, density;

    explicit Normal(Vector x) {
        const Vector a = hn::Min(hn::Abs(x), constant(15.0F));
        const Vector inverse = hn::Div(constant(1.0F), hn::Add(a, constant(3.0F)));
        const Vector power = exp_of_half_square(a);
        const Vector tail = hn::Mul(
            power, hn::Mul(inverse, polynomial(hn::NegMulAdd(constant(6.0F), inverse, constant(1.0F)))));
        distribution = hn::IfThenElse(hn::Lt(x, constant(0.0F)), tail, hn::Sub(constant(1.0F), tail));
        density = hn::Mul(power, constant(0.398942280401432677939946F));
    }

private:
    /// exp(-a^2 / 2); what rounding a^2 loses goes into the result.
    static Vector exp_of_half_square(Vector a) {
        const Vector half = constant(0.5F), square = hn::Mul(a, a);
        const Vector lost = hn::Mul(half, hn::MulSub(a, a, square));
        const Vector power = exp_of_negative(hn::Neg(hn::Mul(half, square)));
        return hn::NegMulAdd(power, lost, power);
    }

    static Vector polynomial(Vector q) {
        constexpr float kCoefficients[] = {-0.00026771627F, -0.000900419836F, 0.00108152675F,
                                           0.00692295888F,  -0.0104830936F,   -0.0472560935F,
                                           0.230019838F,    -0.509332299F,    0.729083657F};
        Vector sum = constant(kCoefficients[0]);
        for (std::size_t i = 1; i < std::size(kCoefficients); ++i)
            sum = hn::MulAdd(sum, q, constant(kCoefficients[i]));
        return sum;
    }
};

}  // namespace lockstep::math::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
