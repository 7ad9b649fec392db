#include "matrix.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <lockstep/core/construct.h>
#include <lockstep/core/error.h>

#include "../number_checks.h"

namespace lockstep {
namespace {

GainOptions read_gain(const Config& keys) {
    return {.gain = keys.get("gain", GainOptions().gain)};
}

Config gain_config(std::string_view type, double gain) {
    return Config::table({{"type", type}, {"gain", gain}});
}

TypeHelp gain_help(std::string summary) {
    return {.summary = std::move(summary), .keys = {{"gain", "1.0", "factor of the matrix"}}};
}

/// Row-major; at least as many rows as columns.
struct Tall {
    std::size_t rows, columns;
    std::vector<double> values;

    double* row(std::size_t index) { return values.data() + index * columns; }
};

void scale_column(Tall& matrix, std::size_t column) {
    double squares = 0.0;
    for (std::size_t i = 0; i < matrix.rows; ++i) squares += matrix.row(i)[column] * matrix.row(i)[column];
    const double factor = 1.0 / std::sqrt(squares);
    for (std::size_t i = 0; i < matrix.rows; ++i) matrix.row(i)[column] *= factor;
}

/// Takes what is along `column`, a unit vector, out of the columns after it. Both loops run along rows, in an
/// order that no instruction set changes.
void take_out(Tall& matrix, std::size_t column, std::vector<double>& products) {
    std::ranges::fill(products, 0.0);
    for (std::size_t i = 0; i < matrix.rows; ++i) {
        const double* const row = matrix.row(i);
        for (std::size_t j = column + 1; j < matrix.columns; ++j) products[j] += row[column] * row[j];
    }
    for (std::size_t i = 0; i < matrix.rows; ++i) {
        double* const row = matrix.row(i);
        for (std::size_t j = column + 1; j < matrix.columns; ++j) row[j] -= row[column] * products[j];
    }
}

/// Modified Gram-Schmidt: the columns become orthonormal. In double precision the loss of orthogonality,
/// rounding times the condition of the matrix, is far below that of a float.
void orthonormalize(Tall& matrix) {
    std::vector<double> products(matrix.columns);
    for (std::size_t column = 0; column < matrix.columns; ++column) {
        scale_column(matrix, column);
        take_out(matrix, column, products);
    }
}

}  // namespace

Orthogonal::Orthogonal(Options options) : options_(options) {
    check_finite("gain", options_.gain);
}

Config Orthogonal::config() const {
    return gain_config(type(), options_.gain);
}

void Orthogonal::fill(const Shape& shape, const RandomStream& stream, std::span<float> values) const {
    if (shape.rank() < 2)
        throw ShapeError("orthogonal: expected a weight of at least two axes, got " + shape.to_string());
    const std::size_t columns = shape[shape.rank() - 1], rows = shape.size() / columns;
    Tall matrix{std::max(rows, columns), std::min(rows, columns), {}};
    stream.normal(0, 0, values);
    matrix.values.assign(values.begin(), values.end());
    orthonormalize(matrix);
    for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t j = 0; j < columns; ++j)
            values[i * columns + j] =
                static_cast<float>(options_.gain * (rows < columns ? matrix.row(j)[i] : matrix.row(i)[j]));
}

const TypeHelp& Orthogonal::help() {
    static const TypeHelp help =
        gain_help("a random matrix of orthogonal columns, or rows if they are fewer");
    return help;
}

std::unique_ptr<Initializer> Orthogonal::from_config(const Config& keys) {
    return construct_from<Orthogonal>(keys, read_gain(keys));
}

Identity::Identity(Options options) : options_(options) {
    check_finite("gain", options_.gain);
}

Config Identity::config() const {
    return gain_config(type(), options_.gain);
}

void Identity::fill(const Shape& shape, const RandomStream& /*stream*/, std::span<float> values) const {
    if (shape.rank() != 2)
        throw ShapeError("identity: expected a weight of two axes, got " + shape.to_string());
    std::ranges::fill(values, 0.0F);
    for (std::size_t i = 0; i < std::min(shape[0], shape[1]); ++i)
        values[i * shape[1] + i] = static_cast<float>(options_.gain);
}

const TypeHelp& Identity::help() {
    static const TypeHelp help = gain_help("the identity matrix");
    return help;
}

std::unique_ptr<Initializer> Identity::from_config(const Config& keys) {
    return construct_from<Identity>(keys, read_gain(keys));
}

}  // namespace lockstep
