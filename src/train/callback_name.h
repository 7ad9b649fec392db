#pragma once

#include <string>

#include <lockstep/train/callback.h>

namespace lockstep {

/// Its class: "lockstep::CsvLogger".
std::string callback_name(const Callback& callback);

}  // namespace lockstep
