// Functions of a number and their derivatives, once per instruction set; the include guard is Highway's kind.
// value() is f(x); slope() is f'(x), given f(x), or given x where slope_needs_input(). NaN stays NaN.
#if defined(LOCKSTEP_MATH_FUNCTION_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef LOCKSTEP_MATH_FUNCTION_INL_H
#undef LOCKSTEP_MATH_FUNCTION_INL_H
#else
#define LOCKSTEP_MATH_FUNCTION_INL_H
#endif

#include "exp_inl.h"
#include "normal_inl.h"

HWY_BEFORE_NAMESPACE();
namespace lockstep::math::HWY_NAMESPACE {

HWY_INLINE Vector clamp(Vector x, float low, float high) {
    const Vector from = constant(low), to = constant(high);
    return hn::IfThenElse(hn::Lt(x, from), from, hn::IfThenElse(hn::Gt(x, to), to, x));
}

struct Clamp {
    float low, high;
    Vector value(Vector x) const { return clamp(x, low, high); }
    Vector slope(Vector y) const {
        const auto inside = hn::And(hn::Gt(y, constant(low)), hn::Lt(y, constant(high)));
        return hn::IfThenElseZero(inside, constant(1.0F));
    }
};

struct LeakyRelu {
    float a;
    Vector value(Vector x) const {
        return hn::IfThenElse(hn::Gt(x, constant(0.0F)), x, hn::Mul(x, constant(a)));
    }
    Vector slope(Vector y) const {
        return hn::IfThenElse(hn::Gt(y, constant(0.0F)), constant(1.0F), constant(a));
    }
};

/// min(max(x + 3, 0), 6) / 6
struct HardSigmoid {
    static constexpr float kSixth = 1.0F / 6.0F;
    Vector value(Vector x) const {
        return hn::Mul(clamp(hn::Add(x, constant(3.0F)), 0.0F, 6.0F), constant(kSixth));
    }
    Vector slope(Vector y) const { return hn::Mul(Clamp{0.0F, 1.0F}.slope(y), constant(kSixth)); }
};

struct HardSilu {
    Vector value(Vector x) const { return hn::Mul(x, HardSigmoid().value(x)); }
    Vector slope(Vector x) const {
        const Vector gate = HardSigmoid().value(x);
        return hn::MulAdd(x, HardSigmoid().slope(gate), gate);
    }
};

struct Softsign {
    Vector value(Vector x) const { return hn::Div(x, hn::Add(constant(1.0F), hn::Abs(x))); }
    Vector slope(Vector y) const {
        const Vector root = hn::Sub(constant(1.0F), hn::Abs(y));
        return hn::Mul(root, root);
    }
};

/// scale * (x > 0 ? x : a (exp(x) - 1)), a >= 0
struct Elu {
    float scale, a;
    Vector value(Vector x) const {
        const Vector below = hn::Mul(constant(a), hn::Expm1(Floats(), x));
        return hn::Mul(constant(scale), hn::IfThenElse(hn::Lt(x, constant(0.0F)), below, x));
    }
    Vector slope(Vector y) const {
        const Vector factor = constant(scale);
        return hn::IfThenElse(hn::Gt(y, constant(0.0F)), factor, hn::MulAdd(factor, constant(a), y));
    }
};

struct Exponential {
    Vector value(Vector x) const {
        const Vector highest = constant(104.0F);  // more than that overflows, in hn::Exp() as well
        return exp_of_negative(hn::IfThenElse(hn::Gt(x, highest), highest, x));
    }
    Vector slope(Vector y) const { return y; }
};

/// log(1 + exp(x)) = max(x, 0) + log(1 + exp(-|x|))
struct Softplus {
    Vector value(Vector x) const {
        const Vector power = exp_of_negative(hn::Neg(hn::Abs(x)));
        return hn::Add(hn::Max(x, constant(0.0F)), hn::Log1p(Floats(), power));
    }
    Vector slope(Vector y) const { return hn::Neg(hn::Expm1(Floats(), hn::Neg(y))); }
};

/// 1 / (1 + exp(-x)) and what it lacks to 1, both to full relative accuracy.
struct Logistic {
    Vector value, rest;
    explicit Logistic(Vector x) {
        const Vector power = exp_of_negative(hn::Neg(hn::Abs(x)));
        const Vector larger = hn::Div(constant(1.0F), hn::Add(constant(1.0F), power));
        const Vector smaller = hn::Mul(power, larger);
        const auto negative = hn::Lt(x, constant(0.0F));
        value = hn::IfThenElse(negative, smaller, larger);
        rest = hn::IfThenElse(negative, larger, smaller);
    }
};

struct Silu {
    Vector value(Vector x) const { return hn::Mul(x, Logistic(x).value); }
    Vector slope(Vector x) const {
        const Logistic logistic(x);
        return hn::Mul(logistic.value, hn::MulAdd(x, logistic.rest, constant(1.0F)));
    }
};

/// 0.5 x (1 + tanh(u)) = x logistic(2 u), u = sqrt(2 / pi) (x + 0.044715 x^3)
struct GeluTanh {
    static constexpr float kSlope = 1.59576912160573071F;  // 2 sqrt(2 / pi)
    static constexpr float kCube = 0.044715F;
    /// Beyond 30 the logistic function is 0 or 1, and the cube might overflow.
    static Vector bounded(Vector x) { return clamp(x, -30.0F, 30.0F); }
    static Vector twice_u(Vector x) {
        const Vector square = hn::Mul(x, x);
        return hn::Mul(hn::Mul(constant(kSlope), x), hn::MulAdd(square, constant(kCube), constant(1.0F)));
    }
    Vector value(Vector x) const { return hn::Mul(x, Logistic(twice_u(bounded(x))).value); }
    Vector slope(Vector x) const {
        const Vector near = bounded(x);
        const Logistic logistic(twice_u(near));
        const Vector square = hn::Mul(near, near);
        const Vector du =
            hn::Mul(constant(kSlope), hn::MulAdd(square, constant(3.0F * kCube), constant(1.0F)));
        return hn::Mul(logistic.value, hn::MulAdd(hn::Mul(near, logistic.rest), du, constant(1.0F)));
    }
};

/// x Phi(x), Phi the distribution function of the normal distribution
struct Gelu {
    Vector value(Vector x) const { return hn::Mul(x, Normal(x).distribution); }
    Vector slope(Vector x) const {
        const Normal normal(x);
        return hn::MulAdd(x, normal.density, normal.distribution);
    }
};

/// x tanh(softplus(x)). With p = exp(-|x|) the tanh is n / (n + m): n = p (p + 2), m = 2 for x < 0, else
/// n = 1 + 2 p, m = 2 p^2.
struct Mish {
    struct Parts {
        Vector power, n, m, sum;
        explicit Parts(Vector x) : power(exp_of_negative(hn::Neg(hn::Abs(x)))) {
            const Vector two = constant(2.0F);
            const auto negative = hn::Lt(x, constant(0.0F));
            n = hn::IfThenElse(negative, hn::Mul(power, hn::Add(power, two)),
                               hn::MulAdd(two, power, constant(1.0F)));
            m = hn::IfThenElse(negative, two, hn::Mul(hn::Add(power, power), power));
            sum = hn::Add(n, m);
        }
    };
    Vector value(Vector x) const {
        const Parts parts(x);
        return hn::Mul(x, hn::Div(parts.n, parts.sum));
    }
    /// tanh + x (1 - tanh^2) logistic(x), where 1 - tanh = m / (n + m)
    Vector slope(Vector x) const {
        const Parts parts(x);
        const Vector one = constant(1.0F);
        const Vector tanh = hn::Div(parts.n, parts.sum);
        const Vector rest = hn::Mul(hn::Div(parts.m, parts.sum), hn::Add(one, tanh));
        const Vector numerator = hn::IfThenElse(hn::Lt(x, constant(0.0F)), parts.power, one);
        const Vector logistic = hn::Div(numerator, hn::Add(one, parts.power));
        return hn::MulAdd(hn::Mul(x, rest), logistic, tanh);
    }
};

}  // namespace lockstep::math::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
