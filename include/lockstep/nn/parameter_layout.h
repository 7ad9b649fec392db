#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <lockstep/core/shape.h>
#include <lockstep/nn/weight_spec.h>

namespace lockstep {

/// One weight in the parameter store.
struct Parameter : WeightSpec {
    std::string layer;   // "dense_1"
    std::size_t offset;  // of its first element in the store
    std::size_t size;    // elements

    std::string path() const { return layer + "/" + name; }
};

/// The range of the store whose gradients become ready together: the weights of one layer.
struct ParameterGroup {
    std::size_t layer;            // index in the model
    std::size_t first_parameter;  // index in parameters
    std::size_t parameters;       // how many
    std::size_t offset;           // in the store, a multiple of 16 elements
    std::size_t size;             // elements, padding included, a multiple of 16
};

/// Where every weight lies in the one flat array of all weights. Weights begin on cache lines;
/// the elements between them are zero and stay zero.
struct ParameterLayout {
    std::vector<Parameter> parameters;   // in the order of the layers
    std::vector<ParameterGroup> groups;  // layers with weights, in order
    std::size_t size = 0;                // elements of the store, padding included

    std::size_t trainable() const;  // elements that the optimizer changes, without padding
    std::size_t total() const;      // elements without padding
};

}  // namespace lockstep
