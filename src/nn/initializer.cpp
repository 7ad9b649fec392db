#include <algorithm>
#include <array>
#include <cmath>

#include <lockstep/nn/initializer.h>

#include "unknown_name.h"

namespace lockstep {
namespace {

class Constant final : public Initializer {
public:
    Constant(std::string_view type, float value) : type_(type), value_(value) {}
    std::string_view type() const override { return type_; }
    void fill(const Shape& /*shape*/, const RandomStream& /*stream*/,
              std::span<float> values) const override {
        std::ranges::fill(values, value_);
    }

private:
    std::string_view type_;  // a literal
    float value_;
};

/// How wide a distribution is, given the shape of the weight.
using Width = double (*)(const Shape&);

class Uniform final : public Initializer {
public:
    Uniform(std::string_view type, Width limit) : type_(type), limit_(limit) {}
    std::string_view type() const override { return type_; }
    void fill(const Shape& shape, const RandomStream& stream, std::span<float> values) const override {
        const auto limit = static_cast<float>(limit_(shape));
        stream.uniform(0, 0, values);
        for (float& value : values) value = limit * (2.0F * value - 1.0F);
    }

private:
    std::string_view type_;
    Width limit_;
};

class Normal final : public Initializer {
public:
    Normal(std::string_view type, Width sigma) : type_(type), sigma_(sigma) {}
    std::string_view type() const override { return type_; }
    void fill(const Shape& shape, const RandomStream& stream, std::span<float> values) const override {
        const auto sigma = static_cast<float>(sigma_(shape));
        stream.normal(0, 0, values);
        for (float& value : values) value *= sigma;
    }

private:
    std::string_view type_;
    Width sigma_;
};

/// A normal distribution cut off at two sigma and widened, so that its standard deviation is as asked.
class TruncatedNormal final : public Initializer {
public:
    TruncatedNormal(std::string_view type, Width sigma) : type_(type), sigma_(sigma) {}
    std::string_view type() const override { return type_; }
    void fill(const Shape& shape, const RandomStream& stream, std::span<float> values) const override {
        constexpr double kSigmaOfTruncated = 0.87962566103423978;
        const auto sigma = static_cast<float>(sigma_(shape) / kSigmaOfTruncated);
        stream.normal(0, 0, values);
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = sigma * within_two_sigma(values[i], i, stream);
    }

private:
    /// Draws element `index` again, at positions 1, 2, ..., until it lies within the limits.
    static float within_two_sigma(float value, std::size_t index, const RandomStream& stream) {
        for (std::uint64_t attempt = 1; std::abs(value) > 2.0F; ++attempt) {
            std::array<float, 4> block{};
            stream.normal(attempt, index - index % 4, block);
            value = block[index % 4];
        }
        return value;
    }

    std::string_view type_;
    Width sigma_;
};

double fan_in(const Shape& shape) {
    if (shape.rank() < 2) return static_cast<double>(shape.size());
    return static_cast<double>(shape.size() / shape[shape.rank() - 1]);
}

double fan_out(const Shape& shape) {
    if (shape.rank() < 2) return static_cast<double>(shape.size());
    return static_cast<double>(shape.size() / shape[shape.rank() - 2]);
}

/// The variance is scale / fan (He, LeCun: the inputs; Glorot: the mean of both); a uniform distribution
/// on [-a, a] has the variance a^2 / 3.
double glorot_sigma(const Shape& shape) {
    return std::sqrt(2.0 / (fan_in(shape) + fan_out(shape)));
}
double he_sigma(const Shape& shape) {
    return std::sqrt(2.0 / fan_in(shape));
}
double lecun_sigma(const Shape& shape) {
    return std::sqrt(1.0 / fan_in(shape));
}
double glorot_limit(const Shape& shape) {
    return std::sqrt(3.0) * glorot_sigma(shape);
}
double he_limit(const Shape& shape) {
    return std::sqrt(3.0) * he_sigma(shape);
}
double lecun_limit(const Shape& shape) {
    return std::sqrt(3.0) * lecun_sigma(shape);
}
double default_width(const Shape& /*shape*/) {
    return 0.05;
}

}  // namespace

std::shared_ptr<const Initializer> make_initializer(std::string_view type) {
    if (type == "zeros") return std::make_shared<Constant>("zeros", 0.0F);
    if (type == "ones") return std::make_shared<Constant>("ones", 1.0F);
    if (type == "glorot_uniform") return std::make_shared<Uniform>("glorot_uniform", glorot_limit);
    if (type == "glorot_normal") return std::make_shared<TruncatedNormal>("glorot_normal", glorot_sigma);
    if (type == "he_uniform") return std::make_shared<Uniform>("he_uniform", he_limit);
    if (type == "he_normal") return std::make_shared<TruncatedNormal>("he_normal", he_sigma);
    if (type == "lecun_uniform") return std::make_shared<Uniform>("lecun_uniform", lecun_limit);
    if (type == "lecun_normal") return std::make_shared<TruncatedNormal>("lecun_normal", lecun_sigma);
    if (type == "random_uniform") return std::make_shared<Uniform>("random_uniform", default_width);
    if (type == "random_normal") return std::make_shared<Normal>("random_normal", default_width);
    throw_unknown_name("initializer", type,
                       {"zeros", "ones", "glorot_uniform", "glorot_normal", "he_uniform", "he_normal",
                        "lecun_uniform", "lecun_normal", "random_uniform", "random_normal"});
}

}  // namespace lockstep
