#pragma once

#include <string>
#include <vector>

#include <lockstep/nn/sequential.h>

namespace lockstep {

/// A layer of a model, and where Keras 3 keeps its weights in a `.weights.h5` file.
struct KerasLayer {
    std::string name;                    // in the model
    std::string group;                   // "/layers/dense_1"
    std::vector<std::string> variables;  // "/layers/dense_1/vars/0": of each weight, in their order
    std::string unused = {};             // a counter that Keras keeps and does nothing with; empty: none
};

/// All layers of a built model. Throws ConfigError naming one whose weights Keras keeps nowhere.
///
/// Keras' saving_lib walks from attribute to attribute: the layers of a Sequential are in its list `layers`,
/// where each is called by its class in snake case, with _1, _2, ... for the next ones of that class; how a
/// user named it does not matter. A layer's own weights are vars/0, vars/1, ..., trainable ones first, in the
/// order in which it made them; those of a layer inside of it lie in a group named as the attribute.
/// (Sources of Keras 3, of the first releases and of 2026: keras/src/saving/saving_lib.py, commits 040582fc
/// and 12f6965f, _walk_saveable, _save_container_state and H5IOStore; utils/naming.py, to_snake_case;
/// layers/layer.py, load_own_variables; the layers' build(); the counter is that of
/// layers/preprocessing/normalization.py, commit 0349fba1)
std::vector<KerasLayer> keras_layers(const Sequential& model);

}  // namespace lockstep
