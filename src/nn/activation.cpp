#include <functional>
#include <map>
#include <string>

#include <lockstep/core/registry.h>
#include <lockstep/nn/activation.h>

#include "elementwise_activation.h"
#include "row_activation.h"
#include "unknown_name.h"

namespace lockstep {
namespace {

using math::Function;

struct Entry {
    TypeHelp help;
    std::function<std::unique_ptr<Activation>()> make;
};

using Entries = std::map<std::string, Entry, std::less<>>;

/// `type` is a literal.
void add(Entries& entries, const char* type, Function function, const char* formula, float a = 0.0F) {
    entries[type] = {{.summary = formula, .keys = {}},
                     [=] { return std::make_unique<FunctionActivation>(type, function, a); }};
}

void add(Entries& entries, const char* type, ElementwiseActivation::Forward forward,
         ElementwiseActivation::Gradient gradient, const char* formula) {
    entries[type] = {{.summary = formula, .keys = {}},
                     [=] { return std::make_unique<ElementwiseActivation>(type, forward, gradient); }};
}

template <typename T>
void add(Entries& entries, const char* type, const char* formula) {
    entries[type] = {{.summary = formula, .keys = {}}, [] { return std::make_unique<T>(); }};
}

void add_linear(Entries& entries) {
    entries["linear"] = {{.summary = "x", .keys = {}}, [] { return nullptr; }};
}

void add_elementwise(Entries& entries) {
    add(entries, "elu", Function::elu, "x > 0 ? x : exp(x) - 1", 1.0F);
    add(entries, "exponential", Function::exponential, "exp(x)");
    add(entries, "gelu", Function::gelu, "x / 2 * (1 + erf(x / sqrt(2)))");
    add(entries, "gelu_tanh", Function::gelu_tanh,
        "x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))), gelu's approximation");
    add(entries, "hard_sigmoid", Function::hard_sigmoid, "min(max(x + 3, 0), 6) / 6");
    add(entries, "hard_silu", Function::hard_silu, "x * hard_sigmoid(x)");
    add(entries, "hard_swish", Function::hard_silu, "another name for hard_silu");
    add(entries, "hard_tanh", Function::hard_tanh, "min(max(x, -1), 1)");
    add(entries, "leaky_relu", Function::leaky_relu, "x > 0 ? x : 0.2 x", 0.2F);
    add(entries, "mish", Function::mish, "x * tanh(softplus(x))");
    add(entries, "relu", math::relu, math::relu_backward, "max(x, 0)");
    add(entries, "relu6", Function::relu6, "min(max(x, 0), 6)");
    add(entries, "selu", Function::selu, "1.0507010 * (x > 0 ? x : 1.6732632 * (exp(x) - 1))");
    add(entries, "sigmoid", math::sigmoid, math::sigmoid_backward, "1 / (1 + exp(-x))");
    add(entries, "silu", Function::silu, "x * sigmoid(x)");
    add(entries, "softplus", Function::softplus, "log(1 + exp(x))");
    add(entries, "softsign", Function::softsign, "x / (1 + |x|)");
    add(entries, "swish", Function::silu, "another name for silu");
    add(entries, "tanh", math::tanh, math::tanh_backward, "tanh(x)");
}

void add_of_rows(Entries& entries) {
    add<LogSoftmax>(entries, "log_softmax", "log(softmax(x))");
    add<Softmax>(entries, "softmax", "exp(x) / sum(exp(x)), over the last axis");
    add<Softmin>(entries, "softmin", "softmax(-x)");
}

const Entries& all() {
    static const Entries entries = [] {
        Entries made;
        add_linear(made);
        add_elementwise(made);
        add_of_rows(made);
        return made;
    }();
    return entries;
}

const Entry& find(std::string_view type) {
    const auto entry = all().find(type);
    if (entry == all().end()) throw_unknown_name("activation", type, activation_types());
    return entry->second;
}

}  // namespace

std::vector<std::string> activation_types() {
    std::vector<std::string> types;
    for (const auto& [type, entry] : all()) types.push_back(type);
    return types;
}

const TypeHelp& activation_help(std::string_view type) {
    return find(type).help;
}

std::unique_ptr<Activation> make_activation(std::string_view type) {
    return find(type).make();
}

}  // namespace lockstep
