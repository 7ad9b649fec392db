#include <algorithm>
#include <cstdint>
#include <tuple>
#include <vector>

#include <fmt/format.h>

#include <lockstep/core/error.h>
#include <lockstep/io/archive.h>
#include <lockstep/log/log.h>
#include <lockstep/train/checkpoint.h>
#include <lockstep/train/keras_weights.h>

#include "checkpoint_file.h"

namespace lockstep {

namespace {

bool is_checkpoint(const std::filesystem::path& path) {
    const io::ArchiveReader file(path.string());
    return file.has_attribute("schema") && file.text("schema").starts_with("lockstep.checkpoint/");
}

}  // namespace

void read_weights(const std::filesystem::path& path, const Sequential& model, std::span<float> store) {
    if (path.extension() == ".keras")
        throw DataError(
            fmt::format("{0}: expected a .weights.h5 file, got an archive of Keras; the weights lie in "
                        "it: unzip {0} model.weights.h5",
                        path.string()));
    if (!is_checkpoint(path)) return read_keras_weights(path, model, store);
    read_store(io::ArchiveReader(path.string(), kCheckpointSchema), kWeightsGroup, model.parameters(), store);
}

CheckpointInfo read_checkpoint_info(const std::filesystem::path& path) {
    const io::ArchiveReader file(path.string(), kCheckpointSchema);
    const auto stored = [&](const char* name) { return Config::from_json(file.text(name), path.string()); };
    return {.model = stored("model"),
            .training = stored("training"),
            .notes = stored("notes"),
            .input_scaling = read_scaling(file, "inputs"),
            .target_scaling = read_scaling(file, "targets"),
            .epochs_done = static_cast<int>(file.integer("epoch")),
            .step = file.integer("step"),
            .weights_only = file.integer("weights_only") != 0};
}

std::filesystem::path newest_checkpoint(const std::filesystem::path& directory) {
    namespace fs = std::filesystem;
    // By step and epochs done; of several at the end of an epoch, the last one written.
    std::vector<std::tuple<std::int64_t, std::int64_t, fs::file_time_type, fs::path>> sound;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(directory, none)) {
        if (entry.path().extension() != ".h5" || entry.path().filename().string().starts_with('.')) continue;
        try {
            const io::ArchiveReader file(entry.path().string(), kCheckpointSchema);
            file.verify();
            if (file.integer("weights_only") == 0)
                sound.emplace_back(file.integer("step"), file.integer("epoch"), entry.last_write_time(none),
                                   entry.path());
        } catch (const Error& error) {
            log::write(log::Level::warning, "train",
                       fmt::format("not a sound checkpoint, skipped: {}", error.what()));
        }
    }
    return sound.empty() ? fs::path() : std::get<fs::path>(std::ranges::max(sound));
}

}  // namespace lockstep
