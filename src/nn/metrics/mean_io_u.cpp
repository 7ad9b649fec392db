#include <algorithm>

#include <lockstep/core/construct.h>
#include <lockstep/nn/metrics/mean_io_u.h>

#include "../option_check.h"
#include "metric_shapes.h"

namespace lockstep {

double MeanIoU::of_counts(const Counts& counts) const {
    double sum = 0.0, classes = 0.0;
    for (std::size_t i = 0; i < counts.classes(); ++i) {
        const double hits = counts(i, i);
        const double either = counts.actual(i) + counts.predicted(i) - hits;
        if (!takes(i) || either == 0.0) continue;
        sum += hits / either;
        classes += 1.0;
    }
    return classes == 0.0 ? 0.0 : sum / classes;
}

const TypeHelp& MeanIoU::help() {
    static const TypeHelp help = help_of("intersection over union, the mean over classes");
    return help;
}

std::unique_ptr<Metric> MeanIoU::from_config(const Config& keys) {
    return construct_from<MeanIoU>(keys, options_from(keys));
}

IoU::IoU(Options options) : MeanIoU(options.matrix), ids_(std::move(options.target_class_ids)) {
    check_option(!ids_.empty(), "target_class_ids", "at least one class number", "none");
}

Config IoU::config() const {
    Config ids = Config::array(), keys = MeanIoU::config();
    for (const std::size_t id : ids_) ids.push_back(id);
    keys.set("target_class_ids", ids);
    return keys;
}

void IoU::build(const Shape& output, const Shape& target) {
    MeanIoU::build(output, target);
    for (const std::size_t id : ids_) check_class(type(), id, classes());
}

bool IoU::takes(std::size_t index) const {
    return std::ranges::find(ids_, index) != ids_.end();
}

const TypeHelp& IoU::help() {
    static const TypeHelp help = [] {
        TypeHelp made = help_of("intersection over union, the mean over some classes");
        made.keys.push_back({"target_class_ids", "required", "the numbers of these classes"});
        return made;
    }();
    return help;
}

std::unique_ptr<Metric> IoU::from_config(const Config& keys) {
    return construct_from<IoU>(keys,
                               {.target_class_ids = keys.get<std::vector<std::size_t>>("target_class_ids"),
                                .matrix = options_from(keys)});
}

}  // namespace lockstep
