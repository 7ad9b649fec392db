#include <lockstep/core/construct.h>

#include "built_in.h"
#include "regularizers/l1_l2.h"

namespace lockstep::built_in {

Registry<Regularizer> regularizers() {
    constexpr double kFactor = 0.01;  // Keras' default of l1 and l2 alone
    Registry<Regularizer> registry("regularizer");
    registry.add(
        "l1", [](const Config& keys) { return construct_from<L1L2>(keys, {.l1 = keys.get("l1", kFactor)}); },
        {.summary = "l1 * sum of |w|", .keys = {{"l1", "0.01", "factor"}}});
    registry.add(
        "l2", [](const Config& keys) { return construct_from<L1L2>(keys, {.l2 = keys.get("l2", kFactor)}); },
        {.summary = "l2 * sum of w^2", .keys = {{"l2", "0.01", "factor"}}});
    registry.add("l1_l2", L1L2::from_config, L1L2::help());
    return registry;
}

}  // namespace lockstep::built_in
