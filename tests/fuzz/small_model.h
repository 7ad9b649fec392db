#pragma once

#include <lockstep/nn/sequential.h>

namespace lockstep::fuzz {

/// A built model with 3 inputs and two dense layers of 2 units, "a" and "b".
Sequential small_model();

}  // namespace lockstep::fuzz
