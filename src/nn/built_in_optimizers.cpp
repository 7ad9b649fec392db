#include <lockstep/nn/adam.h>
#include <lockstep/nn/rmsprop.h>
#include <lockstep/nn/sgd.h>

#include "built_in.h"
#include "common_options.h"
#include "construct.h"

namespace lockstep::built_in {
namespace {

using Keys = std::vector<TypeHelp::Key>;

/// The keys of one optimizer, between the ones that all have.
Keys help_keys(const std::string& learning_rate, const Keys& own) {
    Keys keys{{"learning_rate", learning_rate, "step size"}};
    keys.insert(keys.end(), own.begin(), own.end());
    keys.push_back({"clipnorm", "none", "largest norm of the gradient of each weight"});
    keys.push_back({"global_clipnorm", "none", "largest norm of all gradients together"});
    keys.push_back({"clipvalue", "none", "largest magnitude of each element of a gradient"});
    keys.push_back({"gradient_accumulation_steps", "1", "batches whose mean gradient makes one update"});
    keys.push_back({"use_ema", "false", "keep a running average of the weights"});
    keys.push_back({"ema_momentum", "0.99", "how much of the average stays at each update"});
    keys.push_back(
        {"ema_overwrite_frequency", "never", "updates between copies of the average into the weights"});
    return keys;
}

/// The options of T with the common keys read; the others are T's defaults.
template <typename T>
typename T::Options read_common(const Config& keys) {
    using Options = typename T::Options;
    return with_common_options<Options>(read_optimizer_options(keys, Options{}.learning_rate));
}

std::unique_ptr<Optimizer> make_sgd(const Config& keys) {
    auto options = read_common<Sgd>(keys);
    options.momentum = keys.get("momentum", options.momentum);
    options.nesterov = keys.get("nesterov", options.nesterov);
    return construct_from<Sgd>(keys, options);
}

std::unique_ptr<Optimizer> make_rmsprop(const Config& keys) {
    auto options = read_common<Rmsprop>(keys);
    options.rho = keys.get("rho", options.rho);
    options.momentum = keys.get("momentum", options.momentum);
    options.epsilon = keys.get("epsilon", options.epsilon);
    options.centered = keys.get("centered", options.centered);
    return construct_from<Rmsprop>(keys, options);
}

std::unique_ptr<Optimizer> make_adam(const Config& keys) {
    auto options = read_common<Adam>(keys);
    options.beta_1 = keys.get("beta_1", options.beta_1);
    options.beta_2 = keys.get("beta_2", options.beta_2);
    options.epsilon = keys.get("epsilon", options.epsilon);
    return construct_from<Adam>(keys, options);
}

}  // namespace

Registry<Optimizer> optimizers() {
    Registry<Optimizer> registry("optimizer");
    registry.add(
        "sgd", make_sgd,
        {.summary = "gradient descent, with momentum if asked for",
         .keys = help_keys("0.01", {{"momentum", "0.0", "part of the last step that is kept, in [0, 1]"},
                                    {"nesterov", "false", "look ahead along the momentum"}})});
    registry.add(
        "rmsprop", make_rmsprop,
        {.summary = "divides by a running mean of the gradient's magnitude",
         .keys = help_keys("0.001", {{"rho", "0.9", "decay of the running mean, in [0, 1)"},
                                     {"momentum", "0.0", "part of the last step that is kept, in [0, 1]"},
                                     {"epsilon", "1e-7", "added under the root"},
                                     {"centered", "false", "divide by the standard deviation"}})});
    registry.add("adam", make_adam,
                 {.summary = "adaptive moments",
                  .keys = help_keys("0.001", {{"beta_1", "0.9", "decay of the mean gradient, in [0, 1)"},
                                              {"beta_2", "0.999", "decay of its square, in [0, 1)"},
                                              {"epsilon", "1e-7", "added to the root"}})});
    return registry;
}

}  // namespace lockstep::built_in
