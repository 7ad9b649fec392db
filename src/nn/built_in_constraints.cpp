#include "built_in.h"
#include "constraints/non_neg.h"
#include "constraints/norm_constraint.h"

namespace lockstep::built_in {
Registry<Constraint> constraints() {
    Registry<Constraint> registry("constraint");
    add<MaxNorm>(registry, "max_norm");
    add<MinMaxNorm>(registry, "min_max_norm");
    add<NonNeg>(registry, "non_neg");
    add<UnitNorm>(registry, "unit_norm");
    return registry;
}

}  // namespace lockstep::built_in
