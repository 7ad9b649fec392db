#include "checkpoint_callbacks.h"

#include <string>
#include <vector>

#include <lockstep/core/config.h>

#include "checkpoint_file.h"

namespace lockstep {

namespace {

std::string kept_group(const std::string& callback, const std::string& name) {
    return "/callbacks/" + callback + "/" + name;
}

}  // namespace

void write_callbacks(io::ArchiveWriter& file, const ParameterLayout& layout, const CallbackStates& states) {
    Config index = Config::table();
    for (const auto& [callback, copies] : states.weights) {
        Config names = Config::array();
        for (const auto& [name, weights] : copies) {
            names.push_back(name);
            write_store(file, kept_group(callback, name), layout, weights);
        }
        index.set(callback, names);
    }
    file.attribute("callbacks", states.values.to_json());
    file.attribute("callback_weights", index.to_json());
}

CallbackStates read_callbacks(const io::ArchiveReader& file, const ParameterLayout& layout) {
    const std::string name = "checkpoint";
    CallbackStates states{.values = Config::from_json(file.text("callbacks"), name)};
    const Config index = Config::from_json(file.text("callback_weights"), name);
    for (const std::string& callback : index.keys())
        for (const std::string& copy : index.get<std::vector<std::string>>(callback)) {
            auto& weights = states.weights[callback][copy];
            weights.resize(layout.size);
            read_store(file, kept_group(callback, copy), layout, weights);
        }
    return states;
}

}  // namespace lockstep
