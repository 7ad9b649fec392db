#include <lockstep/nn/losses/binary_crossentropy.h>
#include <lockstep/nn/losses/binary_focal_crossentropy.h>
#include <lockstep/nn/losses/categorical_crossentropy.h>
#include <lockstep/nn/losses/categorical_focal_crossentropy.h>
#include <lockstep/nn/losses/cosine_similarity.h>
#include <lockstep/nn/losses/dice.h>
#include <lockstep/nn/losses/hinge.h>
#include <lockstep/nn/losses/huber.h>
#include <lockstep/nn/losses/kl_divergence.h>
#include <lockstep/nn/losses/log_cosh.h>
#include <lockstep/nn/losses/mean_absolute_error.h>
#include <lockstep/nn/losses/mean_absolute_percentage_error.h>
#include <lockstep/nn/losses/mean_squared_error.h>
#include <lockstep/nn/losses/mean_squared_logarithmic_error.h>
#include <lockstep/nn/losses/poisson.h>
#include <lockstep/nn/losses/sparse_categorical_crossentropy.h>
#include <lockstep/nn/losses/tversky.h>

#include "built_in.h"

namespace lockstep::built_in {
Registry<Loss> losses() {
    Registry<Loss> registry("loss");
    add<BinaryCrossentropy>(registry, "bce");
    add<BinaryCrossentropy>(registry, "binary_crossentropy");
    add<BinaryFocalCrossentropy>(registry, "binary_focal_crossentropy");
    add<CategoricalCrossentropy>(registry, "categorical_crossentropy");
    add<CategoricalFocalCrossentropy>(registry, "categorical_focal_crossentropy");
    add<CategoricalHinge>(registry, "categorical_hinge");
    add<CosineSimilarity>(registry, "cosine_similarity");
    add<Dice>(registry, "dice");
    add<Hinge>(registry, "hinge");
    add<Huber>(registry, "huber");
    add<KlDivergence>(registry, "kl_divergence");
    add<KlDivergence>(registry, "kld");
    add<LogCosh>(registry, "log_cosh");
    add<MeanAbsoluteError>(registry, "mae");
    add<MeanAbsolutePercentageError>(registry, "mape");
    add<MeanAbsoluteError>(registry, "mean_absolute_error");
    add<MeanAbsolutePercentageError>(registry, "mean_absolute_percentage_error");
    add<MeanSquaredError>(registry, "mean_squared_error");
    add<MeanSquaredLogarithmicError>(registry, "mean_squared_logarithmic_error");
    add<MeanSquaredError>(registry, "mse");
    add<MeanSquaredLogarithmicError>(registry, "msle");
    add<Poisson>(registry, "poisson");
    add<SparseCategoricalCrossentropy>(registry, "sparse_categorical_crossentropy");
    add<SquaredHinge>(registry, "squared_hinge");
    add<Tversky>(registry, "tversky");
    return registry;
}

}  // namespace lockstep::built_in
