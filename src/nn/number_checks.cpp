#include "number_checks.h"

#include <cmath>

#include "option_check.h"

namespace lockstep {

void check_decay(const std::string& key, double value) {
    check_option(value >= 0.0 && value < 1.0, key, "a number in [0, 1)", value);
}

void check_positive(const std::string& key, double value) {
    check_option(value > 0.0 && std::isfinite(value), key, "a number above 0", value);
}

void check_not_negative(const std::string& key, double value) {
    check_option(value >= 0.0 && std::isfinite(value), key, "a number of at least 0", value);
}

void check_finite(const std::string& key, double value) {
    check_option(std::isfinite(value), key, "a finite number", value);
}

}  // namespace lockstep
