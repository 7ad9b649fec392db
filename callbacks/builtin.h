#pragma once

namespace lockstep {

/// Lets job files name the callbacks of this folder: csv_logger, model_checkpoint, progress_bar, run_logger.
/// A second call does nothing. (LambdaCallback is for programs only.)
void register_builtin_callbacks();

}  // namespace lockstep
