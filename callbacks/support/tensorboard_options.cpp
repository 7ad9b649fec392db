#include "tensorboard_options.h"

#include <cmath>
#include <memory>
#include <optional>
#include <string>

#include <fmt/format.h>

#include <lockstep/core/error.h>

#include "every.h"
#include "from_config.h"

namespace lockstep {

namespace {

constexpr const char* kNoProfile =
    "expected 0: there is no TensorFlow graph to profile; run_logger keeps where the time goes, in "
    "/ranks/timing";
constexpr const char* kNoEmbeddings = "expected Keras' default: there are no embedding layers";

[[noreturn]] void fail(const char* key, const std::string& message) {
    throw ConfigError(fmt::format("tensorboard: {}: {}", key, message));
}

void check_ranges(const TensorBoard::Options& options) {
    if (options.log_dir.empty()) fail("log_dir", "it is empty; for example log_dir = \"logs\"");
    if (options.histogram_freq < 0)
        fail("histogram_freq", fmt::format("expected 0 or more epochs, got {}", options.histogram_freq));
    if (options.image_freq < 0)
        fail("image_freq", fmt::format("expected 0 or more epochs, got {}", options.image_freq));
    if (options.update_freq) require_positive("tensorboard", "update_freq", *options.update_freq);
    if (!(options.flush > 0.0) || !std::isfinite(options.flush))
        fail("flush", fmt::format("expected a time above 0, for example 2 s, got {} s", options.flush));
    if (options.profile_batch != 0) fail("profile_batch", kNoProfile);
    if (options.embeddings_freq != 0) fail("embeddings_freq", kNoEmbeddings);
    if (!options.embeddings_metadata.empty()) fail("embeddings_metadata", kNoEmbeddings);
}

/// Keras ignores them silently.
void check_effects(const TensorBoard::Options& options) {
    if (options.write_gradients && options.histogram_freq == 0)
        fail("write_gradients", "it needs histogram_freq, for example histogram_freq = 1");
    if (options.histogram_freq != 0 || options.image_freq != 0) return;
    const char* example = "it needs histogram_freq or image_freq, for example image_freq = 1";
    if (options.write_images) fail("write_images", example);
    if (!options.activations.empty()) fail("activations", example);
}

std::optional<int> read_update_freq(const Config& setting) {
    if (setting.is_null()) return std::nullopt;
    if (setting.is_number()) return setting.as<int>();
    const auto text = setting.as<std::string>();
    if (text == "batch") return 1;
    if (text != "epoch")
        setting.fail("expected \"epoch\", \"batch\" or a number of batches, got \"" + text + "\"");
    return std::nullopt;
}

/// Keras' default may be written.
void refuse(const Config& keys, const char* key, const Config& fallback, const char* reason) {
    const Config setting = keys.find(key);
    if (!setting.is_null() && !(setting == fallback)) setting.fail(reason);
}

}  // namespace

void check_tensorboard(const TensorBoard::Options& options) {
    check_ranges(options);
    check_effects(options);
}

const TypeHelp& TensorBoard::help() {
    static const TypeHelp help{
        .summary = "writes curves, histograms and images for TensorBoard",
        .keys = {{"log_dir", "\"logs\"", "where train/ and validation/ lie, below the run directory"},
                 {"histogram_freq", "0", "epochs between histograms of the weights; 0: none"},
                 {"write_graph", "true", "show the model's table as a text"},
                 {"write_images", "false", "show the weights as images"},
                 {"write_steps_per_second", "false", "how fast epochs and batches are"},
                 {"update_freq", "\"epoch\"", "\"batch\" or a number of batches: values of batches too"},
                 {"write_gradients", "false", "histograms of gradients, of an epoch's last batch"},
                 {"images", "0", "how many probe samples are shown"},
                 {"activations", "[]", "layers whose output for the first probe sample is shown"},
                 {"image_freq", "histogram_freq", "epochs between images of weights and activations"},
                 {"flush", "\"2s\"", "time between writes"}}};
    return help;
}

std::unique_ptr<Callback> TensorBoard::from_config(const Config& keys) {
    refuse(keys, "profile_batch", 0, kNoProfile);
    refuse(keys, "embeddings_freq", 0, kNoEmbeddings);
    refuse(keys, "embeddings_metadata", "", kNoEmbeddings);
    const Options defaults;
    return construct_from<TensorBoard>(
        keys, {.log_dir = keys.get("log_dir", defaults.log_dir.string()),
               .histogram_freq = keys.get("histogram_freq", defaults.histogram_freq),
               .write_graph = keys.get("write_graph", defaults.write_graph),
               .write_images = keys.get("write_images", defaults.write_images),
               .write_steps_per_second = keys.get("write_steps_per_second", defaults.write_steps_per_second),
               .update_freq = read_update_freq(keys.find("update_freq")),
               .write_gradients = keys.get("write_gradients", defaults.write_gradients),
               .images = keys.get("images", defaults.images),
               .activations = keys.get("activations", defaults.activations),
               .image_freq = keys.get("image_freq", defaults.image_freq),
               .flush = read_seconds(keys, "flush", defaults.flush)});
}

}  // namespace lockstep
