#include "checkpoint_file.h"

#include <fmt/format.h>

#include <lockstep/core/error.h>

namespace lockstep {
namespace {

std::string array_name(const std::string& group, const Parameter& parameter) {
    return group + "/" + parameter.path();
}

}  // namespace

void write_store(io::ArchiveWriter& file, const std::string& group, const ParameterLayout& layout,
                 std::span<const float> store) {
    for (const Parameter& parameter : layout.parameters)
        file.array(array_name(group, parameter), store.subspan(parameter.offset, parameter.size),
                   parameter.shape);
}

void read_store(const io::ArchiveReader& file, const std::string& group, const ParameterLayout& layout,
                std::span<float> store) {
    for (const Parameter& parameter : layout.parameters)
        file.array(array_name(group, parameter), store.subspan(parameter.offset, parameter.size));
}

void write_scaling(io::ArchiveWriter& file, const std::string& which,
                   const std::optional<FeatureScaling>& scaling) {
    if (!scaling) return;
    const std::string group = "/normalization/" + which;
    file.array(group + "/factor", scaling->factor, Shape{scaling->factor.size()});
    file.array(group + "/offset", scaling->offset, Shape{scaling->offset.size()});
}

std::optional<FeatureScaling> read_scaling(const io::ArchiveReader& file, const std::string& which) {
    const std::string group = "/normalization/" + which;
    if (!file.contains(group + "/factor")) return std::nullopt;
    FeatureScaling scaling;
    for (auto [name, values] :
         {std::pair{"/factor", &scaling.factor}, std::pair{"/offset", &scaling.offset}}) {
        values->resize(file.shape(group + name).size());
        file.array(group + name, std::span<float>(*values));
    }
    if (scaling.factor.size() != scaling.offset.size())
        throw DataError(fmt::format("{}: expected as many offsets as factors, {}, got {}", group,
                                    scaling.factor.size(), scaling.offset.size()));
    return scaling;
}

}  // namespace lockstep
