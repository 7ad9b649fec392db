#pragma once

#include <memory>
#include <string>

#include <lockstep/core/config.h>
#include <lockstep/core/registry.h>
#include <lockstep/train/callback.h>

namespace lockstep {

/// The callbacks that job files can name. The built-in ones are added by register_builtin_callbacks().
Registry<Callback>& callback_registry();
void register_callback(const std::string& type, Registry<Callback>::Factory factory, TypeHelp help = {});

}  // namespace lockstep
