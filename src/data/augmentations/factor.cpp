#include <cmath>

#include <lockstep/data/augmentations/factor.h>

namespace lockstep {

FactorRange FactorRange::read(const Config& keys, const std::string& key) {
    const Config value = keys.at(key);
    FactorRange range;
    if (value.is_array() && value.size() == 2) {
        range = {value[0].as<double>(), value[1].as<double>()};
    } else {
        if (!value.is_number()) value.fail("expected a number or [lower, upper]");
        range = {-std::abs(value.as<double>()), std::abs(value.as<double>())};
    }
    if (!(-1.0 <= range.lower && range.lower <= range.upper && range.upper <= 1.0))
        value.fail("expected -1 <= lower <= upper <= 1, got " + std::to_string(range.lower) + " and " +
                   std::to_string(range.upper));
    return range;
}

}  // namespace lockstep
