#pragma once

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include <lockstep/core/registry.h>
#include <lockstep/train/callback.h>

#include "error_of.h"

namespace lockstep {

/// Makes a callback from `keys`, which must be all that its help names, and no others.
template <typename C>
std::unique_ptr<Callback> made_from_all(const Config& keys) {
    std::unique_ptr<Callback> made = C::from_config(keys);
    EXPECT_NO_THROW(keys.reject_unknown_keys());
    for (const TypeHelp::Key& key : C::help().keys) EXPECT_TRUE(keys.contains(key.name)) << key.name;
    return made;
}

/// What a job file with such keys is told.
template <typename C>
std::string refusal_of(const std::string& json) {
    return error_of<ConfigError>([&] { C::from_config(Config::from_json(json, "job")); });
}

}  // namespace lockstep
