// A checkpoint, as `lockstep evaluate` and a resume read it.
#include <filesystem>
#include <vector>

#include <lockstep/io/archive.h>
#include <lockstep/train/checkpoint.h>

#include "hostile_input.h"
#include "small_model.h"
#include "survive.h"

using namespace lockstep;

namespace {

constexpr std::size_t kMostWeights = 1 << 20;

void write_sound(const std::string& file) {
    const Sequential model = fuzz::small_model();
    io::ArchiveWriter writer(file, kCheckpointSchema);
    for (const Parameter& parameter : model.parameters().parameters)
        writer.array("/weights/" + parameter.path(), std::vector<float>(parameter.size, 0.5F),
                     parameter.shape);
    for (const char* name : {"factor", "offset"})
        writer.array("/normalization/inputs/" + std::string(name), std::vector<float>(3, 0.5F), {3});
    writer.attribute("model", model.config().to_json());
    writer.attribute("training", R"({"loss": "mse", "optimizer": {"type": "sgd"}, "seed": 1, "shards": 0})");
    writer.attribute("notes", R"({"job": ")" + std::string(40'000, '#') + R"("})");
    for (const char* name : {"epoch", "step", "weights_only"}) writer.attribute(name, std::int64_t{0});
    writer.commit();
}

void read_file(const std::string& file) {
    fuzz::survive([&] { newest_checkpoint(std::filesystem::path(file).parent_path()); });
    const CheckpointInfo info = read_checkpoint_info(file);
    if (info.input_scaling && info.input_scaling->factor.size() == 3) {
        std::vector<float> sample(3);
        info.input_scaling->apply({sample.data(), 1, 3});
        info.input_scaling->undo({sample.data(), 1, 3});
    }
    Sequential model = Sequential::from_config(info.model);
    model.build();
    if (model.parameters().size > kMostWeights) return;
    std::vector<float> weights(model.parameters().size);
    read_weights(file, model, weights);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const fuzz::HostileInput input({"/weights",
                                           "/weights/a",
                                           "/weights/a/kernel",
                                           "/weights/b/bias",
                                           "/normalization",
                                           "/normalization/inputs",
                                           "/normalization/inputs/factor",
                                           "/normalization/inputs/offset",
                                           "/text",
                                           "/text/schema",
                                           "/text/model",
                                           "/text/notes",
                                           "/schema",
                                           "/complete",
                                           "/model",
                                           "/training",
                                           "/notes",
                                           "/epoch",
                                           "/step",
                                           "/weights_only"},
                                          write_sound);
    input.run({data, size}, read_file);
    return 0;
}
