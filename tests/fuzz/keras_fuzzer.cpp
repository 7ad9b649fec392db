// Weights as Keras saves them.
#include <vector>

#include <lockstep/train/checkpoint.h>
#include <lockstep/train/keras_weights.h>

#include "hostile_input.h"
#include "small_model.h"

using namespace lockstep;

namespace {

void write_sound(const std::string& file) {
    const Sequential model = fuzz::small_model();
    write_keras_weights(file, model, std::vector<float>(model.parameters().size, 0.5F));
}

void read_file(const std::string& file) {
    const Sequential model = fuzz::small_model();
    std::vector<float> weights(model.parameters().size);
    read_weights(file, model, weights);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const fuzz::HostileInput input(
        {"/layers", "/layers/dense", "/layers/dense/vars", "/layers/dense/vars/0", "/layers/dense/vars/1",
         "/layers/dense_1", "/layers/dense_1/vars/0", "/layers/dense_1/vars/1", "/layer_names", "/text",
         "/text/schema", "/schema"},
        write_sound);
    input.run({data, size}, read_file);
    return 0;
}
