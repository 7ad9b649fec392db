#include "data_setup.h"

#include <memory>
#include <string>

#include <lockstep/core/error.h>
#include <lockstep/data/registry.h>

namespace lockstep {
namespace {

Dataset open_part(const Job& job, DataPart part) {
    return Dataset(std::shared_ptr<const Source>(make_source(job.data, part, job.data_directory())));
}

/// Part `index` of `count` about equal parts of `size` samples: where it begins.
std::uint64_t part_begin(std::uint64_t size, int index, int count) {
    const auto parts = static_cast<std::uint64_t>(count), part = static_cast<std::uint64_t>(index);
    return size / parts * part + size % parts * part / parts;
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
    if (data.input_shape().size() != model.input_shape().size())
        throw ConfigError(data.describe() + ": model.input is " + model.input_shape().to_string() +
                          ", but the samples have shape " + data.input_shape().to_string() +
                          "; set model.input = " + data.input_shape().to_string());
    if (loss == nullptr) return;
    if (!data.has_targets())
        throw DataError(data.describe() + ": there are no targets; name them with `targets`");
    const Shape expected = loss->target_shape(model.output_shape());
    if (data.target_shape().size() != expected.size())
        throw ConfigError(data.describe() + ": the targets have shape " + data.target_shape().to_string() +
                          ", but the loss " + std::string(loss->type()) + " on outputs of shape " +
                          model.output_shape().to_string() + " takes " + expected.to_string());
}

void check_labels(const Session& session, const Dataset& data, const Sequential& model, const Loss& loss) {
    if (!loss.takes_labels()) return;
    session.together([&] {
        const std::uint64_t begin = part_begin(data.size(), session.rank(), session.size());
        const std::uint64_t end = part_begin(data.size(), session.rank() + 1, session.size());
        const Shape& outputs = model.output_shape();
        data.check_labels(outputs[outputs.rank() - 1], begin, end - begin);
    });
}

}  // namespace lockstep
