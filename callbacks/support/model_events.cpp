#include "model_events.h"

#include <algorithm>

#include <fmt/format.h>

#include <lockstep/log/log.h>

namespace lockstep {

namespace {

/// Markdown of a table that is laid out with spaces.
std::string preformatted(const std::string& text) {
    std::string markdown = "    ";
    for (const char character : text) {
        markdown += character;
        if (character == '\n') markdown += "    ";
    }
    return markdown;
}

constexpr std::size_t kLargestImage = std::size_t{1} << 24U;  // pixels

void add_array_image(EventFile& file, const std::string& tag, std::span<const float> values,
                     const Shape& shape, std::int64_t step) {
    if (values.size() <= kLargestImage) return file.add_image(tag, picture_of_array(values, shape), step);
    log::once("tensorboard " + tag, log::Level::warning,
              fmt::format("tensorboard: {} {} has more than {} pixels and is not shown", tag,
                          shape.to_string(), kLargestImage));
}

}  // namespace

void add_model_text(EventFile& file, const Sequential& model, std::int64_t step) {
    file.add_text("model", preformatted(model.summary()), step);
}

void add_histograms(EventFile& file, const ParameterLayout& layout, std::span<const float> values,
                    const std::string& kind, std::int64_t step) {
    for (const Parameter& parameter : layout.parameters)
        file.add_histogram(parameter.path() + "/" + kind,
                           histogram_of(values.subspan(parameter.offset, parameter.size)), step);
}

void add_weight_images(EventFile& file, const ParameterLayout& layout, std::span<const float> weights,
                       std::int64_t step) {
    for (const Parameter& parameter : layout.parameters)
        add_array_image(file, parameter.path() + "/image", weights.subspan(parameter.offset, parameter.size),
                        parameter.shape, step);
}

void add_activation_images(EventFile& file, const Sequential& model, std::span<const std::size_t> layers,
                           Probe& probe, std::int64_t step) {
    for (const std::size_t layer : layers) {
        const Sequential::Entry& entry = model.layers()[layer];
        add_array_image(file, entry.name + "/activations", probe.activations(layer).row(0), entry.output,
                        step);
    }
}

void add_input_images(EventFile& file, const Shape& shape, const Probe& probe, std::size_t count,
                      std::int64_t step) {
    for (std::size_t i = 0; i < std::min(count, probe.size()); ++i)
        file.add_image(fmt::format("inputs/{}", i), picture_of_sample(probe.inputs().row(i), shape), step);
}

}  // namespace lockstep
