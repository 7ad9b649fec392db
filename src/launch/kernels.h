#pragma once

#include <lockstep/comm/session.h>

namespace lockstep {

/// Collective. All ranks take the vector instructions that every one of them has, so that they compute the
/// same bits; a warning if their matrix kernels differ.
void agree_on_kernels(const Session& session);

}  // namespace lockstep
