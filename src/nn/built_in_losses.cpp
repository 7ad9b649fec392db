#include <lockstep/nn/binary_crossentropy.h>
#include <lockstep/nn/categorical_crossentropy.h>
#include <lockstep/nn/mean_absolute_error.h>
#include <lockstep/nn/mean_squared_error.h>
#include <lockstep/nn/sparse_categorical_crossentropy.h>

#include "built_in.h"
#include "construct.h"

namespace lockstep::built_in {
namespace {

TypeHelp::Key from_logits() {
    return {"from_logits", "false", "outputs are not probabilities yet"};
}

TypeHelp::Key label_smoothing() {
    return {"label_smoothing", "0.0", "draws targets towards equal probabilities, in [0, 1]"};
}

template <typename T>
std::unique_ptr<Loss> make_smoothed(const Config& keys) {
    return construct_from<T>(keys, {.from_logits = keys.get("from_logits", false),
                                    .label_smoothing = keys.get("label_smoothing", 0.0)});
}

std::unique_ptr<Loss> make_sparse(const Config& keys) {
    return construct_from<SparseCategoricalCrossentropy>(keys,
                                                         {.from_logits = keys.get("from_logits", false)});
}

template <typename T>
std::unique_ptr<Loss> make_plain(const Config& /*keys*/) {
    return std::make_unique<T>();
}

}  // namespace

Registry<Loss> losses() {
    Registry<Loss> registry("loss");
    registry.add("sparse_categorical_crossentropy", make_sparse,
                 {.summary = "several classes; targets are class numbers", .keys = {from_logits()}});
    registry.add("categorical_crossentropy", make_smoothed<CategoricalCrossentropy>,
                 {.summary = "several classes; targets are one probability per class",
                  .keys = {from_logits(), label_smoothing()}});
    registry.add(
        "binary_crossentropy", make_smoothed<BinaryCrossentropy>,
        {.summary = "yes or no per output; targets are 0 or 1", .keys = {from_logits(), label_smoothing()}});
    for (const std::string type : {"mean_squared_error", "mse"})
        registry.add(type, make_plain<MeanSquaredError>,
                     {.summary = "mean of (output - target)^2", .keys = {}});
    for (const std::string type : {"mean_absolute_error", "mae"})
        registry.add(type, make_plain<MeanAbsoluteError>,
                     {.summary = "mean of |output - target|", .keys = {}});
    return registry;
}

}  // namespace lockstep::built_in
