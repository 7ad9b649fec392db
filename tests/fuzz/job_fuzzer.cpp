// A job file, as `lockstep check` reads it: keys, model, loss, metrics, optimizer, augmentation and the small
// data files that lie beside it.
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include <lockstep/callbacks/builtin.h>
#include <lockstep/core/error.h>
#include <lockstep/data/augmentation_chain.h>
#include <lockstep/data/registry.h>
#include <lockstep/launch/job.h>
#include <lockstep/launch/job_file.h>
#include <lockstep/nn/registry.h>
#include <lockstep/nn/sequential.h>
#include <lockstep/train/registry.h>

#include "read_rows.h"
#include "survive.h"

using namespace lockstep;

namespace {

/// Paths lead out of the folder, and may end at a device.
bool names_a_path(const Config& value) {
    if (value.is_string()) return value.as<std::string>().find_first_of("/$") != std::string::npos;
    bool found = false;
    if (value.is_table())
        for (const std::string& key : value.keys()) found = found || names_a_path(value.at(key));
    if (value.is_array())
        for (std::size_t i = 0; i < value.size(); ++i) found = found || names_a_path(value[i]);
    return found;
}

/// What is written into the run directory must mean the same when it is read again.
void require_same_text(const Job& job) {
    if (!(parse_toml(job.resolved.to_toml(), "job.toml") == job.resolved)) std::abort();
}

void make_parts(const Job& job) {
    fuzz::survive([&] { Sequential::from_config(job.model).build(); });
    fuzz::survive([&] { make_loss(job.training.loss); });
    fuzz::survive([&] { make_optimizer(job.training.optimizer); });
    for (const Config& metric : job.training.metrics) fuzz::survive([&] { make_metric(metric); });
    for (const Config& callback : job.callbacks) fuzz::survive([&] { callback_registry().make(callback); });
}

void open_data(const Job& job, const Config& written) {
    if (names_a_path(written)) return;
    for (const DataPart part : {DataPart::train, DataPart::validation})
        fuzz::survive([&] {
            const auto source = make_source(job.data, part, job.data_directory());
            fuzz::read_rows(*source);
            fuzz::survive([&] { AugmentationChain(job.augmentation, source->input_shape()); });
        });
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* /*count*/, char*** /*arguments*/) {
    register_builtin_callbacks();
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    fuzz::survive([&] {
        const Config tree = parse_toml(text, "job.toml");
        const Config written = tree.find("data");
        const Job job = read_job(tree, std::filesystem::current_path() / "job.toml");
        require_same_text(job);
        make_parts(job);
        open_data(job, written);
    });
    return 0;
}
