#include <algorithm>
#include <sstream>

#include <lockstep/core/construct.h>
#include <lockstep/core/error.h>
#include <lockstep/nn/layers/reshape.h>

#include "../option_check.h"

namespace lockstep {
namespace {

constexpr std::int64_t kRest = -1;

std::string to_text(const std::vector<std::int64_t>& shape) {
    std::ostringstream text;
    for (std::size_t i = 0; i < shape.size(); ++i) text << (i == 0 ? "[" : ", ") << shape[i];
    return text.str() + (shape.empty() ? "[]" : "]");
}

}  // namespace

Reshape::Reshape(Options options) : options_(std::move(options)) {
    const auto& shape = options_.target_shape;
    const bool good =
        std::ranges::all_of(shape, [](auto extent) { return extent >= 1 || extent == kRest; }) &&
        std::ranges::count(shape, kRest) <= 1;
    check_option(good, "target_shape", "extents of at least 1, one of them may be -1", to_text(shape));
}

Config Reshape::config() const {
    const auto& shape = options_.target_shape;
    return Config::table({{"target_shape", Config::array(std::vector<Config>(shape.begin(), shape.end()))}});
}

Shape Reshape::build(const Shape& input) {
    std::vector<std::size_t> extents;
    for (const std::int64_t extent : options_.target_shape)
        extents.push_back(extent == kRest ? 1 : static_cast<std::size_t>(extent));
    const std::size_t size = Shape(extents).size();
    const auto rest = std::ranges::find(options_.target_shape, kRest) - options_.target_shape.begin();
    const bool has_rest = rest != std::ssize(options_.target_shape);
    if (has_rest ? input.size() % size != 0 : input.size() != size)
        throw ShapeError("expected a target_shape of " + std::to_string(input.size()) + " elements, as " +
                         input.to_string() + " has, got " + to_text(options_.target_shape) +
                         "; one of its extents may be -1: what is left");
    if (has_rest) extents[static_cast<std::size_t>(rest)] = input.size() / size;
    return Shape(extents);
}

const TypeHelp& Reshape::help() {
    static const TypeHelp help{
        .summary = "the numbers of a sample in another shape: [784] -> [28, 28, 1]",
        .keys = {{"target_shape", "required", "list of extents; one may be -1: what is left"}}};
    return help;
}

std::unique_ptr<Layer> Reshape::from_config(const Config& keys) {
    return construct_from<Reshape>(keys,
                                   {.target_shape = keys.get<std::vector<std::int64_t>>("target_shape")});
}

}  // namespace lockstep
