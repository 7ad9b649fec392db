#pragma once

namespace lockstep {

/// Lets job files name the callbacks of this folder, each by the name of its files. A second call does
/// nothing. (LambdaCallback is for programs only.)
void register_builtin_callbacks();

}  // namespace lockstep
