#include <vector>

#include <lockstep/core/error.h>
#include <lockstep/log/log.h>
#include <lockstep/train/keras_weights.h>

#include "commands.h"
#include "saved_run.h"

namespace lockstep {
namespace {

void require_keras_name(const std::string& output) {
    if (!output.ends_with(".weights.h5"))
        throw ConfigError("--output " + output + ": expected a name that ends in .weights.h5, as Keras does");
}

/// Keras has no place for it.
void tell_scaling(const std::filesystem::path& checkpoint, const char* which,
                  const std::optional<FeatureScaling>& scaling) {
    if (scaling)
        log::warning(
            "the network was trained on scaled {0}: value * factor + offset, which are in /normalization/{0} "
            "of {1} and not in the file for Keras",
            which, checkpoint.string());
}

}  // namespace

ExitCode export_command(const Arguments& arguments) {
    require_keras_name(arguments.output);
    const std::filesystem::path checkpoint = find_checkpoint(arguments.target, arguments.checkpoint);
    const CheckpointInfo info = read_checkpoint_info(checkpoint);
    Sequential model = Sequential::from_config(info.model);
    model.build();
    std::vector<float> weights(model.parameters().size);
    read_weights(checkpoint, model, weights);
    write_keras_weights(arguments.output, model, weights);
    log::info("{} weights of {} in {}", model.parameters().total(), checkpoint.string(), arguments.output);
    tell_scaling(checkpoint, "inputs", info.input_scaling);
    tell_scaling(checkpoint, "targets", info.target_scaling);
    return ExitCode::success;
}

}  // namespace lockstep
