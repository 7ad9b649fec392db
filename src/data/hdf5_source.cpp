#include <utility>

#include <lockstep/data/hdf5_source.h>
#include <lockstep/data/paths.h>

#include "hdf5_array.h"
#include "joined_arrays.h"
#include "short_name.h"
#include "source_keys.h"

namespace lockstep {

Hdf5Source::Hdf5Source(const Options& options)
    : JoinedSource("hdf5 " + short_name(options.files), open(options), options.scale) {}

JoinedSource::Parts Hdf5Source::open(const Options& options) {
    const auto join = [&](const std::vector<std::string>& datasets) {
        std::vector<JoinedArrays::File> files;
        for (const std::string& file : options.files) {
            files.emplace_back();
            for (const std::string& dataset : datasets)
                files.back().push_back(std::make_unique<Hdf5Array>(
                    file, dataset, io::ArrayReader::Options{.allow_links = options.allow_links}));
        }
        return std::make_unique<JoinedArrays>(std::move(files), options.layout);
    };
    Parts parts;
    parts.inputs = join(options.inputs);
    if (!options.targets.empty()) parts.targets = join(options.targets);
    if (options.sample_weight) parts.weights = join({*options.sample_weight});
    return parts;
}

const TypeHelp& Hdf5Source::help() {
    static const TypeHelp help{
        .summary = "datasets of HDF5 files",
        .keys = {{"file", "required",
                  "file, or a pattern such as \"run_*.h5\": one behind the other in name order"},
                 {"inputs", "required", "dataset, or several that are joined along the last axis"},
                 {"targets", "none", "dataset, or several that are joined along the last axis"},
                 {"sample_weight", "none", "dataset with one number per sample"},
                 source_keys::kScale,
                 source_keys::kLayout,
                 {"allow_links", "false",
                  "follow soft, external and virtual datasets, which can name other files"},
                 source_keys::kFirst}};
    return help;
}

std::unique_ptr<Source> Hdf5Source::from_config(const Config& keys) {
    const std::vector<std::string> files = data_files(keys.at("file"), keys.get<std::string>("directory"));
    keys.at("inputs");
    return std::make_unique<Hdf5Source>(
        Options{.files = files,
                .inputs = source_keys::names(keys, "inputs"),
                .targets = source_keys::names(keys, "targets"),
                .sample_weight = keys.get_optional<std::string>("sample_weight"),
                .scale = source_keys::scale(keys, 1.0),
                .layout = read_layout(keys),
                .allow_links = keys.get("allow_links", false)});
}

}  // namespace lockstep
