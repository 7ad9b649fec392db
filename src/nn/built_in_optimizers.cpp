#include <lockstep/nn/optimizers/adadelta.h>
#include <lockstep/nn/optimizers/adagrad.h>
#include <lockstep/nn/optimizers/adam.h>
#include <lockstep/nn/optimizers/adamax.h>
#include <lockstep/nn/optimizers/adamw.h>
#include <lockstep/nn/optimizers/ftrl.h>
#include <lockstep/nn/optimizers/lamb.h>
#include <lockstep/nn/optimizers/lars.h>
#include <lockstep/nn/optimizers/lion.h>
#include <lockstep/nn/optimizers/nadam.h>
#include <lockstep/nn/optimizers/rmsprop.h>
#include <lockstep/nn/optimizers/sgd.h>

#include "built_in.h"

namespace lockstep::built_in {
Registry<Optimizer> optimizers() {
    Registry<Optimizer> registry("optimizer");
    add<Adadelta>(registry, "adadelta");
    add<Adagrad>(registry, "adagrad");
    add<Adam>(registry, "adam");
    add<Adamax>(registry, "adamax");
    add<AdamW>(registry, "adamw");
    add<Ftrl>(registry, "ftrl");
    add<Lamb>(registry, "lamb");
    add<Lars>(registry, "lars");
    add<Lion>(registry, "lion");
    add<Nadam>(registry, "nadam");
    add<Rmsprop>(registry, "rmsprop");
    add<Sgd>(registry, "sgd");
    return registry;
}

}  // namespace lockstep::built_in
