#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <lockstep/nn/sequential.h>
#include <lockstep/train/probe.h>

#include "event_file.h"

namespace lockstep {

/// A text "model": the table of its layers.
void add_model_text(EventFile& file, const Sequential& model, std::int64_t step);

/// Histograms <layer>/<weight>/<kind> of `values`, laid out by `layout`: weights or gradients.
void add_histograms(EventFile& file, const ParameterLayout& layout, std::span<const float> values,
                    const std::string& kind, std::int64_t step);

/// Images <layer>/<weight>/image. One of more than 16 million pixels is left out, with a warning.
void add_weight_images(EventFile& file, const ParameterLayout& layout, std::span<const float> weights,
                       std::int64_t step);

/// Images <layer>/activations, likewise: what these of the model's layers make of the first sample.
void add_activation_images(EventFile& file, const Sequential& model, std::span<const std::size_t> layers,
                           Probe& probe, std::int64_t step);

/// Images inputs/0, ... of the first `count` samples. Precondition: `shape` has 2 or 3 axes.
void add_input_images(EventFile& file, const Shape& shape, const Probe& probe, std::size_t count,
                      std::int64_t step);

}  // namespace lockstep
