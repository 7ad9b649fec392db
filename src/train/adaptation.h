#pragma once

#include <vector>

#include <lockstep/comm/session.h>
#include <lockstep/data/dataset.h>
#include <lockstep/nn/sequential.h>

namespace lockstep {

/// Whether a layer of the model takes statistics from data.
bool is_adapted(const Sequential& model);

/// Collective. Writes the statistics of the inputs of `data` to the weights of such layers in `store`, laid
/// out by model.parameters(). See Trainer::adapt().
void adapt(const Session& session, const Sequential& model, const Dataset& data, std::vector<float>& store);

}  // namespace lockstep
