#pragma once

#include <cstddef>
#include <string>

#include <lockstep/comm/session.h>
#include <lockstep/launch/job.h>
#include <lockstep/nn/sequential.h>
#include <lockstep/train/training_run.h>

namespace lockstep {

/// What a run starts with, in one line: ranks, nodes, threads, shards, batch, weights, kernels, exchange.
std::string start_line(const RunInfo& info, const Job& job, const Sequential& model);

/// Why results depend on the number of ranks, and what makes them independent of it; empty if they are.
std::string shards_note(const RunInfo& info, const Job& job);

}  // namespace lockstep
