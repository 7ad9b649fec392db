#include "epoch_report.h"

#include <string>
#include <vector>

#include "rank_report.h"

namespace lockstep {

void report_epoch(Trainer::State& state, const RankTiming& timing, Logs& logs) {
    const RankReport mine{.timing = timing, .records = take_records()};
    std::vector<RankReport> reports;
    for (const std::string& text : state.session.world().gather(mine.to_text()))
        reports.push_back(RankReport::from_text(text));
    auto& timings = state.run.timings_for_update();
    timings.clear();
    for (const RankReport& report : reports) timings.push_back(report.timing);
    state.session.together([&] { merge_records(reports, logs); });
}

}  // namespace lockstep
