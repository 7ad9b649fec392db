#include "data_setup.h"

#include <algorithm>
#include <memory>
#include <string>

#include <fmt/format.h>

#include <lockstep/core/error.h>
#include <lockstep/data/augmentation_chain.h>
#include <lockstep/data/registry.h>
#include <lockstep/log/log.h>

namespace lockstep {
namespace {

constexpr std::uint64_t kLabels = std::uint64_t{1} << 20;  // that are looked at between two signs of progress

Dataset open_part(const Job& job, DataPart part) {
    return Dataset(std::shared_ptr<const Source>(make_source(job.data, part, job.data_directory())));
}

/// Part `index` of `count` about equal parts of `size` samples: where it begins.
std::uint64_t part_begin(std::uint64_t size, int index, int count) {
    const auto parts = static_cast<std::uint64_t>(count), part = static_cast<std::uint64_t>(index);
    return size / parts * part + size % parts * part / parts;
}

/// The shape that training samples have after augmentation. Throws ConfigError if normalization cannot go
/// with it: the statistics are those of the samples as they are stored, feature by feature.
Shape augmented_shape(const Job& job, const Dataset& train) {
    const Shape shape = AugmentationChain(job.augmentation, train.input_shape()).output_shape();
    if (shape != train.input_shape() && !job.normalize.empty())
        job.data.at("normalize")
            .fail(fmt::format("normalizes each feature of the samples, which have the shape {}, but "
                              "augmentation makes it {}; "
                              "use scale, or augmentation that keeps the shape",
                              train.input_shape().to_string(), shape.to_string()));
    return shape;
}

void check_inputs(const Dataset& data, const Shape& inputs, const char* note, const Sequential& model) {
    if (inputs.size() == model.input_shape().size()) return;
    throw ConfigError(data.describe() + ": model.input is " + model.input_shape().to_string() +
                      ", but the samples have shape " + inputs.to_string() + note +
                      "; set model.input = " + inputs.to_string());
}

void check_targets(const Dataset& data, const Sequential& model, const Loss* loss) {
    if (loss == nullptr) return;
    if (!data.has_targets())
        throw DataError(data.describe() + ": there are no targets; name them with `targets`");
    const Shape expected = loss->target_shape(model.output_shape());
    if (data.target_shape().size() != expected.size())
        throw ConfigError(data.describe() + ": the targets have shape " + data.target_shape().to_string() +
                          ", but the loss " + std::string(loss->type()) + " on outputs of shape " +
                          model.output_shape().to_string() + " takes " + expected.to_string());
}

std::shared_ptr<const Source> cached(const Session& session, const Job& job,
                                     const std::shared_ptr<const Source>& source) {
    const auto made = std::make_shared<CachedSource>(session, source, job.cache);
    log::info("{}: {} samples in memory, {:.1f} MB for each {}", made->describe(), made->size(),
              static_cast<double>(CachedSource::bytes_needed(*made)) / 1e6,
              job.cache == Cache::node ? "node" : "rank");
    return made;
}

}  // namespace

JobData open_data(const Job& job) {
    Dataset train = open_part(job, DataPart::train);
    if (job.data.contains("validation")) return {std::move(train), open_part(job, DataPart::validation)};
    if (job.validation_split == 0.0) return {std::move(train), std::nullopt};
    Dataset::Parts parts = train.split(job.validation_split);
    return {std::move(parts.first), std::move(parts.last)};
}

void check_shapes(const Dataset& data, const Sequential& model, const Loss* loss) {
    check_inputs(data, data.input_shape(), "", model);
    check_targets(data, model, loss);
}

void check_shapes(const Job& job, const JobData& data, const Sequential& model, const Loss* loss) {
    const Shape inputs = augmented_shape(job, data.train);
    const bool is_changed = inputs != data.train.input_shape();
    check_inputs(data.train, inputs, is_changed ? " after augmentation" : "", model);
    check_targets(data.train, model, loss);
    if (!data.validation) return;
    if (is_changed && data.validation->input_shape().size() != inputs.size())
        throw ConfigError(fmt::format(
            "{}: augmentation changes training samples only: expected validation samples of the shape that "
            "it "
            "makes, {}, got {}; store them so and name them with `validation`",
            data.validation->describe(), inputs.to_string(), data.validation->input_shape().to_string()));
    check_shapes(*data.validation, model, loss);
}

void cache_data(const Session& session, const Job& job, JobData& data) {
    if (job.cache == Cache::none) return;
    const std::shared_ptr<const Source> stored = data.train.source();
    const std::shared_ptr<const Source> train = cached(session, job, stored);
    data.train = data.train.over(train);
    if (!data.validation) return;
    const bool were_split = data.validation->source() == stored;
    data.validation =
        data.validation->over(were_split ? train : cached(session, job, data.validation->source()));
}

void check_labels(const Session& session, const Dataset& data, const Sequential& model, const Loss& loss) {
    if (!loss.takes_labels()) return;
    session.together([&] {
        const std::uint64_t begin = part_begin(data.size(), session.rank(), session.size());
        const std::uint64_t end = part_begin(data.size(), session.rank() + 1, session.size());
        const Shape& outputs = model.output_shape();
        for (std::uint64_t first = begin; first < end; first += kLabels) {
            data.check_labels(outputs[outputs.rank() - 1], first, std::min(kLabels, end - first));
            session.status().advance();
        }
    });
}

}  // namespace lockstep
