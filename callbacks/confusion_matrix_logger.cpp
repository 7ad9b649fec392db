#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <span>

#include <lockstep/callbacks/confusion_matrix_logger.h>
#include <lockstep/log/log.h>

#include "support/columns.h"
#include "support/every.h"
#include "support/from_config.h"

namespace lockstep {

namespace {

constexpr const char* kTable = "/confusion";

const ColumnMeaning kCounts{"counts", "1",
                            "validation samples of the class (first axis) that were taken for the class "
                            "(second axis)"};

/// Most samples of `target` taken for `predicted`.
struct Mistake {
    std::size_t target = 0, predicted = 0;
    std::int64_t count = 0;
    std::int64_t samples = 0;  // of the target class
};

/// Nothing if no sample was taken for another class.
std::optional<Mistake> worst_mistake(const ConfusionCounts& confusion) {
    Mistake worst;
    for (std::size_t target = 0; target < confusion.classes; ++target) {
        const auto row = confusion.counts.subspan(target * confusion.classes, confusion.classes);
        for (std::size_t predicted = 0; predicted < confusion.classes; ++predicted)
            if (predicted != target && row[predicted] > worst.count)
                worst = {target, predicted, row[predicted],
                         std::accumulate(row.begin(), row.end(), std::int64_t{0})};
    }
    return worst.count > 0 ? std::optional(worst) : std::nullopt;
}

}  // namespace

const TypeHelp& ConfusionMatrixLogger::help() {
    static const TypeHelp help{
        .summary = "confusion matrix of the validation data in the run log, per epoch",
        .keys = {{"every", "1", "epochs from one row to the next"},
                 {"verbose", "0", "1: a line per epoch with the two classes that are mixed up most"}}};
    return help;
}

std::unique_ptr<Callback> ConfusionMatrixLogger::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<ConfusionMatrixLogger>(
        keys, {.every = keys.get("every", defaults.every), .verbose = read_verbose(keys)});
}

ConfusionMatrixLogger::ConfusionMatrixLogger(Options options) : options_(options) {
    require_positive("confusion_matrix_logger", "every", options_.every);
    require_verbose("confusion_matrix_logger", options_.verbose);
}

void ConfusionMatrixLogger::on_train_begin(const Logs& /*logs*/) {
    describe(run().run_file(), kTable, {kEpochColumn, kCounts});
    if (!run().params().has_validation)
        log::warning("confusion_matrix_logger: there is no validation data, so there is nothing to count");
}

void ConfusionMatrixLogger::on_epoch_end(int epoch, const Logs& /*logs*/) {
    if (!is_due(epoch, options_.every)) return;
    const ConfusionCounts confusion = run().confusion();
    if (confusion.classes == 0) return;
    run().run_file().append(
        kTable, {{"epoch", std::int64_t{epoch}},
                 {"counts", io::Array<std::int64_t>{{confusion.counts.begin(), confusion.counts.end()},
                                                    {confusion.classes, confusion.classes}}}});
    if (options_.verbose == 0) return;
    if (const auto worst = worst_mistake(confusion))
        log::info("epoch {}: class {} was taken for {} in {} of {} validation samples", epoch + 1,
                  worst->target, worst->predicted, worst->count, worst->samples);
}

}  // namespace lockstep
