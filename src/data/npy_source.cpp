#include <utility>

#include <lockstep/core/error.h>
#include <lockstep/data/npy_source.h>
#include <lockstep/data/paths.h>

#include "joined_arrays.h"
#include "npy_array.h"
#include "short_name.h"
#include "source_keys.h"

namespace lockstep {

namespace {

std::unique_ptr<RowArray> open_array(const NpySource::Array& array, const std::string& file) {
    if (array.member.empty()) return std::make_unique<NpyArray>(file, open_file_bytes(file));
    const std::string member = array.member.ends_with(".npy") ? array.member : array.member + ".npy";
    return std::make_unique<NpyArray>(file + ": " + array.member, open_member_bytes(file, member));
}

std::unique_ptr<JoinedArrays> join(const std::vector<NpySource::Array>& arrays, Layout layout) {
    const NpySource::Array& front = arrays.front();
    for (const NpySource::Array& array : arrays)
        if (array.files.size() != front.files.size())
            throw DataError(short_name(array.files) + ": expected as many files as those it is joined to, " +
                            std::to_string(front.files.size()) + ", got " +
                            std::to_string(array.files.size()));
    std::vector<JoinedArrays::File> files(front.files.size());
    for (std::size_t file = 0; file < files.size(); ++file)
        for (const NpySource::Array& array : arrays)
            files[file].push_back(open_array(array, array.files[file]));
    return std::make_unique<JoinedArrays>(std::move(files), layout);
}

/// What a key names: arrays of the archives of `file`, or, without that key, files.
std::vector<NpySource::Array> read_arrays(const Config& keys, const char* key) {
    const auto directory = keys.get<std::string>("directory");
    std::vector<NpySource::Array> arrays;
    for (const Config& name : source_keys::list(keys, key)) {
        if (keys.contains("file"))
            arrays.push_back({data_files(keys.at("file"), directory), name.as<std::string>()});
        else
            arrays.push_back({data_files(name, directory)});
    }
    return arrays;
}

}  // namespace

NpySource::NpySource(const Options& options)
    : JoinedSource("npy " + short_name(options.inputs.front().files), open(options), options.scale) {}

JoinedSource::Parts NpySource::open(const Options& options) {
    Parts parts;
    parts.inputs = join(options.inputs, options.layout);
    if (!options.targets.empty()) parts.targets = join(options.targets, options.layout);
    if (options.sample_weight) parts.weights = join({*options.sample_weight}, options.layout);
    return parts;
}

const TypeHelp& NpySource::help() {
    static const TypeHelp help{
        .summary = "NumPy arrays: .npy files and .npz archives",
        .keys = {{"file", "none",
                  ".npz file, or a pattern: one behind the other in name order; the names below "
                  "are of arrays in it"},
                 {"inputs", "required",
                  "without `file`: .npy file or pattern; several are joined along the last "
                  "axis"},
                 {"targets", "none", "the same"},
                 {"sample_weight", "none", "the same; one number per sample"},
                 source_keys::kScale,
                 source_keys::kLayout,
                 source_keys::kFirst}};
    return help;
}

std::unique_ptr<Source> NpySource::from_config(const Config& keys) {
    keys.at("inputs");
    Options options{.inputs = read_arrays(keys, "inputs"),
                    .targets = read_arrays(keys, "targets"),
                    .scale = source_keys::scale(keys, 1.0),
                    .layout = read_layout(keys)};
    const Config weights = keys.find("sample_weight");
    if (weights.is_array()) weights.fail("expected the name of one array, got a list");
    if (!weights.is_null()) options.sample_weight = read_arrays(keys, "sample_weight").front();
    return std::make_unique<NpySource>(options);
}

}  // namespace lockstep
