#pragma once

#include <span>
#include <string_view>

#include <lockstep/core/registry.h>
#include <lockstep/core/shape.h>

/// What the cross-entropies share.
namespace lockstep::crossentropy {

/// Probabilities are kept this far from 0 and 1 (Keras' epsilon).
inline constexpr double kEpsilon = 1e-7;

double clip(double probability);
/// Whether clip() would leave it unchanged: only then does a gradient pass.
bool passes_clip(double probability);

/// log(sum(exp(logits))), stably. Unless `softmax` is empty, softmax(logits) is written there.
double log_sum_exp(std::span<const float> logits, std::span<float> softmax);

/// Throws ShapeError unless an output is one axis of at least two classes.
void check_classes(std::string_view loss, const Shape& output);

/// Throws ConfigError unless 0 <= label_smoothing <= 1.
void check_label_smoothing(double label_smoothing);

TypeHelp::Key from_logits_key();
TypeHelp::Key label_smoothing_key();

}  // namespace lockstep::crossentropy
