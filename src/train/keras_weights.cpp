#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <lockstep/core/error.h>
#include <lockstep/io/archive.h>
#include <lockstep/train/keras_weights.h>

#include "keras_layout.h"

namespace lockstep {
namespace {

using Names = std::vector<std::string>;

/// Where Keras keeps each parameter, in their order.
Names variable_names(const Sequential& model) {
    Names names;
    for (const KerasLayer& layer : keras_layers(model))
        names.insert(names.end(), layer.variables.begin(), layer.variables.end());
    return names;
}

/// Earlier versions have "_query_dense" where later ones have "query_dense".
std::string earlier_name(const std::string& name) {
    const std::size_t vars = name.rfind("/vars/");
    return std::string(name).insert(name.rfind('/', vars - 1) + 1, "_");
}

/// A file with weights of layers, and the names of all of them.
class KerasFile {
public:
    explicit KerasFile(std::string path) : path_(std::move(path)), file_(path_), names_(weights_of(file_)) {
        if (names_.empty()) throw DataError(path_ + ": " + what_it_is());
    }

    /// The array of a variable, whose shape is that of `parameter`.
    std::string find(const std::string& variable, const Parameter& parameter) const {
        for (const std::string& name : {variable, earlier_name(variable)}) {
            if (std::ranges::find(names_, name) == names_.end()) continue;
            const Shape shape = file_.shape(name);
            if (shape == parameter.shape) return name;
            throw DataError(fmt::format("{}:{}: expected {} {} of layer \"{}\", got {}", path_, name,
                                        parameter.name, parameter.shape.to_string(), parameter.layer,
                                        shape.to_string()));
        }
        throw DataError(fmt::format("{}: expected {} {} of layer \"{}\" at {}, there is nothing; {}", path_,
                                    parameter.name, parameter.shape.to_string(), parameter.layer, variable,
                                    what_there_is(names_)));
    }

    /// Throws DataError unless there is nothing but what is `expected`.
    void require_no_more(const Names& expected) const {
        Names rest;
        std::ranges::copy_if(names_, std::back_inserter(rest), [&](const std::string& name) {
            return std::ranges::find(expected, name) == expected.end();
        });
        if (!rest.empty())
            throw DataError(fmt::format("{}: expected the weights of the model alone, got {} more; {}", path_,
                                        rest.size(), what_there_is(rest)));
    }

    void read(const std::string& name, std::span<float> out) const { file_.array(name, out); }

private:
    /// Random numbers' states are no weights.
    static Names weights_of(const io::ArchiveReader& file) {
        Names names = file.arrays("/layers");
        std::erase_if(
            names, [](const std::string& name) { return name.find("/seed_generator") != std::string::npos; });
        return names;
    }

    std::string what_it_is() const {
        if (file_.has_attribute("layer_names") || file_.has_attribute("keras_version"))
            return "expected weights as Keras 3 saves them, got a file of Keras 2; load it there, and save "
                   "it "
                   "as .weights.h5";
        return "expected weights as Keras 3 saves them, in /layers, got none";
    }

    std::string what_there_is(const Names& names) const {
        constexpr std::size_t kShown = 8;
        std::string text = "there is";
        for (std::size_t i = 0; i < std::min(names.size(), kShown); ++i)
            text += fmt::format("{} {} {}", i == 0 ? "" : ",", names[i], file_.shape(names[i]).to_string());
        return names.size() > kShown ? text + ", ..." : text;
    }

    std::string path_;
    io::ArchiveReader file_;
    Names names_;
};

}  // namespace

void write_keras_weights(const std::filesystem::path& path, const Sequential& model,
                         std::span<const float> store) {
    io::ArchiveWriter file(path.string(), "");
    file.group_attribute("/vars", "name", "sequential");
    auto parameter = model.parameters().parameters.begin();
    for (const KerasLayer& layer : keras_layers(model)) {
        file.group_attribute(layer.group + "/vars", "name", layer.name);
        for (const std::string& variable : layer.variables) {
            file.array(variable, store.subspan(parameter->offset, parameter->size), parameter->shape);
            ++parameter;
        }
        if (!layer.unused.empty()) file.array(layer.unused, std::vector<std::int64_t>{0}, {});
    }
    file.commit();
}

void read_keras_weights(const std::filesystem::path& path, const Sequential& model, std::span<float> store) {
    const KerasFile file(path.string());
    const std::vector<Parameter>& parameters = model.parameters().parameters;
    Names names = variable_names(model);
    for (std::size_t i = 0; i < names.size(); ++i) names[i] = file.find(names[i], parameters[i]);
    Names expected = names;
    for (const KerasLayer& layer : keras_layers(model)) expected.push_back(layer.unused);
    file.require_no_more(expected);

    std::vector<float> values(store.begin(), store.end());
    for (std::size_t i = 0; i < names.size(); ++i)
        file.read(names[i], std::span(values).subspan(parameters[i].offset, parameters[i].size));
    std::ranges::copy(values, store.begin());
}

}  // namespace lockstep
