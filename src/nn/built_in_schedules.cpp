#include <lockstep/nn/schedules/cosine_decay.h>
#include <lockstep/nn/schedules/cosine_decay_restarts.h>
#include <lockstep/nn/schedules/exponential_decay.h>
#include <lockstep/nn/schedules/inverse_time_decay.h>
#include <lockstep/nn/schedules/piecewise_constant_decay.h>
#include <lockstep/nn/schedules/polynomial_decay.h>

#include "built_in.h"

namespace lockstep::built_in {
Registry<Schedule> schedules() {
    Registry<Schedule> registry("learning rate schedule");
    add<CosineDecay>(registry, "cosine_decay");
    add<CosineDecayRestarts>(registry, "cosine_decay_restarts");
    add<ExponentialDecay>(registry, "exponential_decay");
    add<InverseTimeDecay>(registry, "inverse_time_decay");
    add<PiecewiseConstantDecay>(registry, "piecewise_constant_decay");
    add<PolynomialDecay>(registry, "polynomial_decay");
    return registry;
}

}  // namespace lockstep::built_in
