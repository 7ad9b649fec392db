#include "built_in.h"
#include "initializers/constant.h"
#include "initializers/matrix.h"
#include "initializers/random.h"
#include "initializers/variance_scaling.h"

namespace lockstep::built_in {
namespace {

void add_scaling(Registry<Initializer>& registry, const char* type, std::string summary,
                 const VarianceScaling::Options& options) {
    registry.add(type,
                 [type, options](const Config&) { return std::make_unique<NamedScaling>(type, options); },
                 {.summary = std::move(summary), .keys = {}});
}

void add_scalings(Registry<Initializer>& registry) {
    const std::string uniform = "uniform", normal = "truncated_normal";
    const std::string glorot = "for saturating activations: variance 2 / (inputs + outputs), ";
    const std::string he = "for relu: variance 2 / inputs, ", lecun = "for selu: variance 1 / inputs, ";
    add_scaling(registry, "glorot_normal", glorot + "normal", {1.0, "fan_avg", normal});
    add_scaling(registry, "glorot_uniform", glorot + "uniform", {1.0, "fan_avg", uniform});
    add_scaling(registry, "he_normal", he + "normal", {2.0, "fan_in", normal});
    add_scaling(registry, "he_uniform", he + "uniform", {2.0, "fan_in", uniform});
    add_scaling(registry, "lecun_normal", lecun + "normal", {1.0, "fan_in", normal});
    add_scaling(registry, "lecun_uniform", lecun + "uniform", {1.0, "fan_in", uniform});
}

}  // namespace

Registry<Initializer> initializers() {
    Registry<Initializer> registry("initializer");
    add<Constant>(registry, "constant");
    add<Identity>(registry, "identity");
    add<Orthogonal>(registry, "orthogonal");
    add<RandomNormal>(registry, "random_normal");
    add<RandomUniform>(registry, "random_uniform");
    add<TruncatedNormal>(registry, "truncated_normal");
    add<VarianceScaling>(registry, "variance_scaling");
    registry.add("zeros", [](const Config&) { return make_zeros(); },
                 {.summary = "every value is 0", .keys = {}});
    registry.add("ones", [](const Config&) { return make_ones(); },
                 {.summary = "every value is 1", .keys = {}});
    add_scalings(registry);
    return registry;
}

}  // namespace lockstep::built_in
