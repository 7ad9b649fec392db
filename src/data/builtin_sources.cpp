#include "builtin_sources.h"

#include <lockstep/core/construct.h>
#include <lockstep/core/error.h>
#include <lockstep/data/adding_problem_source.h>
#include <lockstep/data/friedman_source.h>
#include <lockstep/data/glyph_source.h>
#include <lockstep/data/hdf5_source.h>
#include <lockstep/data/idx_source.h>
#include <lockstep/data/paths.h>

namespace lockstep {

namespace {

float read_scale(const Config& keys, double fallback) {
    return static_cast<float>(keys.get<double>("scale", fallback));
}

std::uint64_t read_samples(const Config& keys) {
    const auto samples = keys.get<std::size_t>("samples");
    if (samples == 0) keys.at("samples").fail("expected at least 1, got 0");
    return samples;
}

/// Parts of synthetic data have the same seed and different streams.
std::uint64_t read_stream(const Config& keys) {
    const auto part = keys.get<std::string>("part");
    return part == "train" ? 0 : part == "validation" ? 1 : 2;
}

/// A name or a list of names; none if the key is absent.
std::vector<std::string> read_names(const Config& keys, const char* key) {
    const Config value = keys.find(key);
    if (value.is_null()) return {};
    if (value.is_string()) return {value.as<std::string>()};
    std::vector<std::string> names = value.as<std::vector<std::string>>();
    if (names.empty()) value.fail("expected the name of a dataset, or a list of names");
    return names;
}

std::unique_ptr<Source> make_idx(const Config& keys) {
    const auto directory = keys.get<std::string>("directory");
    IdxSource::Options options;
    options.inputs = data_file(keys.at("inputs"), directory);
    if (keys.contains("targets")) options.targets = data_file(keys.at("targets"), directory);
    options.scale = read_scale(keys, 1.0);
    options.layout = read_layout(keys);
    return std::make_unique<IdxSource>(options);
}

std::unique_ptr<Source> make_hdf5(const Config& keys) {
    Hdf5Source::Options options;
    options.files = data_files(keys.at("file"), keys.get<std::string>("directory"));
    keys.at("inputs");
    options.inputs = read_names(keys, "inputs");
    options.targets = read_names(keys, "targets");
    options.sample_weight = keys.get_optional<std::string>("sample_weight");
    options.scale = read_scale(keys, 1.0);
    options.layout = read_layout(keys);
    options.allow_links = keys.get<bool>("allow_links", false);
    return std::make_unique<Hdf5Source>(options);
}

std::unique_ptr<Source> make_glyphs(const Config& keys) {
    return std::make_unique<GlyphSource>(GlyphSource::Options{.samples = read_samples(keys),
                                                              .scale = read_scale(keys, 1.0 / 255.0),
                                                              .seed = keys.get<std::size_t>("seed", 0),
                                                              .stream = read_stream(keys)});
}

std::unique_ptr<Source> make_adding_problem(const Config& keys) {
    return construct_from<AddingProblemSource>(keys, {.samples = read_samples(keys),
                                                      .length = keys.get<std::size_t>("length", 50),
                                                      .seed = keys.get<std::size_t>("seed", 0),
                                                      .stream = read_stream(keys)});
}

std::unique_ptr<Source> make_friedman(const Config& keys) {
    const FriedmanSource::Options options{.samples = read_samples(keys),
                                          .features = keys.get<std::size_t>("features", 10),
                                          .noise = keys.get<double>("noise", 1.0),
                                          .scale = read_scale(keys, 1.0),
                                          .seed = keys.get<std::size_t>("seed", 0),
                                          .stream = read_stream(keys)};
    try {
        return std::make_unique<FriedmanSource>(options);
    } catch (const ConfigError& error) {
        keys.fail(error.what());
    }
}

const TypeHelp::Key kFirst{"first", "all", "use only the first so many samples"};
const TypeHelp::Key kLayout{"layout", "channels_last",
                            "order of the axes of images in the files, or \"channels_first\""};
const TypeHelp::Key kSeed{"seed", "0", "samples are a function of seed, part and index"};
const TypeHelp::Key kSamples{"samples", "required", "how many to make"};

}  // namespace

void add_builtin_sources(Registry<Source>& registry) {
    registry.add("adding_problem", make_adding_problem,
                 {"synthetic sequences: the sum of two marked numbers, without files",
                  {kSamples, {"length", "50", "steps of a sequence"}, kSeed, kFirst}});
    registry.add("idx", make_idx,
                 {"the files of MNIST and its relatives, also compressed with gzip",
                  {{"inputs", "required", "file"},
                   {"targets", "none", "file"},
                   {"scale", "1", "factor for the inputs"},
                   kLayout,
                   kFirst}});
    registry.add(
        "hdf5", make_hdf5,
        {"datasets of HDF5 files",
         {{"file", "required", "file, or a pattern such as \"run_*.h5\": one behind the other in name order"},
          {"inputs", "required", "dataset, or several that are joined along the last axis"},
          {"targets", "none", "dataset, or several that are joined along the last axis"},
          {"sample_weight", "none", "dataset with one number per sample"},
          {"scale", "1", "factor for the inputs"},
          kLayout,
          {"allow_links", "false", "follow soft, external and virtual datasets, which can name other files"},
          kFirst}});
    registry.add(
        "glyphs", make_glyphs,
        {"synthetic handwritten digits, 28 x 28 x 1, without files",
         {kSamples, {"scale", "1/255", "factor for the pixels, which are 0 to 255"}, kSeed, kFirst}});
    registry.add("friedman", make_friedman,
                 {"synthetic regression (Friedman #1), without files",
                  {kSamples,
                   {"features", "10", "inputs; only the first 5 matter"},
                   {"noise", "1", "standard deviation of the noise in the targets"},
                   {"scale", "1", "factor for the inputs"},
                   kSeed,
                   kFirst}});
}

}  // namespace lockstep
