#include "constant.h"

#include <algorithm>

#include <lockstep/core/construct.h>

#include "../number_checks.h"

namespace lockstep {
namespace {

class NamedConstant final : public Initializer {
public:
    NamedConstant(std::string_view type, float value) : type_(type), value_(value) {}
    std::string_view type() const override { return type_; }
    void fill(const Shape& /*shape*/, const RandomStream& /*stream*/,
              std::span<float> values) const override {
        std::ranges::fill(values, value_);
    }

private:
    std::string_view type_;  // a literal
    float value_;
};

}  // namespace

Constant::Constant(Options options) : options_(options) {
    check_finite("value", options_.value);
}

Config Constant::config() const {
    return Config::table({{"type", type()}, {"value", options_.value}});
}

void Constant::fill(const Shape& /*shape*/, const RandomStream& /*stream*/, std::span<float> values) const {
    std::ranges::fill(values, static_cast<float>(options_.value));
}

const TypeHelp& Constant::help() {
    static const TypeHelp help{.summary = "every value is the same",
                               .keys = {{"value", "0.0", "what every value is"}}};
    return help;
}

std::unique_ptr<Initializer> Constant::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<Constant>(keys, {.value = keys.get("value", defaults.value)});
}

std::unique_ptr<Initializer> make_zeros() {
    return std::make_unique<NamedConstant>("zeros", 0.0F);
}

std::unique_ptr<Initializer> make_ones() {
    return std::make_unique<NamedConstant>("ones", 1.0F);
}

}  // namespace lockstep
