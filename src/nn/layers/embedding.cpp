#include <algorithm>
#include <cmath>
#include <sstream>

#include <lockstep/core/construct.h>
#include <lockstep/core/error.h>
#include <lockstep/nn/layers/embedding.h>

#include "../option_check.h"
#include "channel_loops.h"

namespace lockstep {

Embedding::Embedding(Options options)
    : options_(std::move(options)), embeddings_("embeddings", options_.embeddings) {
    constexpr std::size_t kWholeNumbersOfAFloat = std::size_t{1} << 24;
    check_option(options_.input_dim >= 1 && options_.input_dim <= kWholeNumbersOfAFloat, "input_dim",
                 "1 to 16777216", options_.input_dim);
    check_option(options_.output_dim >= 1, "output_dim", "at least 1", options_.output_dim);
}

Config Embedding::config() const {
    Config keys = Config::table({{"input_dim", options_.input_dim}, {"output_dim", options_.output_dim}});
    embeddings_.add_to(keys);
    return keys;
}

Shape Embedding::build(const Shape& input) {
    std::vector<std::size_t> extents(input.extents().begin(), input.extents().end());
    extents.push_back(options_.output_dim);
    return Shape(extents);
}

std::vector<WeightSpec> Embedding::weights() const {
    return {embeddings_.spec("embeddings", {options_.input_dim, options_.output_dim})};
}

std::size_t Embedding::table_row(ConstMatrix x, std::size_t element) const {
    const float value = x.data()[element];
    const bool is_inside = value >= 0.0F && value < static_cast<float>(options_.input_dim);
    if (is_inside && std::trunc(value) == value) return static_cast<std::size_t>(value);
    std::ostringstream message;
    message << "embedding: expected whole numbers from 0 to input_dim - 1 = " << options_.input_dim - 1
            << ", got " << value << " as input " << element % x.columns() << " of sample "
            << element / x.columns()
            << " of a shard; set input_dim to the largest input + 1, or mend the data";
    throw DataError(message.str());
}

void Embedding::forward(const LayerPass& pass, ConstMatrix x, Matrix y) {
    const std::size_t length = options_.output_dim;
    for (std::size_t i = 0; i < x.size(); ++i)
        std::copy_n(pass.weights[0].data() + table_row(x, i) * length, length, y.data() + i * length);
}

void Embedding::backward(const LayerPass& /*pass*/, ConstMatrix x, ConstMatrix /*y*/, Matrix dy, Matrix dx,
                         std::span<const std::span<float>> gradients) {
    const std::size_t length = options_.output_dim;
    std::ranges::fill(gradients[0], 0.0F);
    for (std::size_t i = 0; i < x.size(); ++i)
        add_scaled(dy.data() + i * length, 1.0F, length, gradients[0].data() + table_row(x, i) * length);
    std::ranges::fill(dx.values(), 0.0F);
}

const TypeHelp& Embedding::help() {
    static const TypeHelp help{
        .summary = "a row of a table of weights for each input, which are whole numbers",
        .keys =
            with_weight_help({{"input_dim", "required", "rows of the table: inputs are 0 ... input_dim - 1"},
                              {"output_dim", "required", "length of a row"}},
                             {{"embeddings", "random_uniform", "the table"}})};
    return help;
}

std::unique_ptr<Layer> Embedding::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<Embedding>(
        keys, {.input_dim = keys.get<std::size_t>("input_dim"),
               .output_dim = keys.get<std::size_t>("output_dim"),
               .embeddings = read_weight_options(keys, "embeddings", defaults.embeddings)});
}

}  // namespace lockstep
