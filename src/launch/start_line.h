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

/// How to make results independent of the number of ranks; empty if they are.
std::string shards_note(const RunInfo& info);

}  // namespace lockstep
