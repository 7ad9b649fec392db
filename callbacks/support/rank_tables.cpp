#include "rank_tables.h"

#include <cstdint>
#include <initializer_list>
#include <vector>

#include "columns.h"

namespace lockstep {

namespace {

constexpr const char* kTimingTable = "/ranks/timing";

const ColumnMeaning kRank{"rank", "1", "number of the process, from 0"};

const std::vector<ColumnMeaning> kPlaceColumns{kRank,
                                               {"host", "", "name of the machine"},
                                               {"pid", "1", "process id"},
                                               {"cores", "1", "cores that the process may use"},
                                               {"blas_core", "", "kernels that the matrix library chose"}};

const std::vector<ColumnMeaning> kTimingColumns{kEpochColumn,
                                                kRank,
                                                {"compute", "s", "forward and backward"},
                                                {"exchange", "s", "sums of gradients and updates of weights"},
                                                {"input", "s", "waiting for samples"},
                                                {"callbacks", "s", "hooks"},
                                                {"wait", "s", "waiting for other ranks"}};

io::Row row_of(const std::vector<ColumnMeaning>& columns, std::initializer_list<io::Cell> cells) {
    io::Row row;
    for (const io::Cell& cell : cells) row.emplace_back(columns[row.size()].name, cell);
    return row;
}

}  // namespace

void append_rank_places(io::TableFile& file, const TrainingRun& run) {
    describe(file, kRankPlaceTable, kPlaceColumns);
    std::int64_t rank = 0;
    for (const RankPlace& place : run.info().ranks)
        file.append(kRankPlaceTable,
                    row_of(kPlaceColumns, {rank++, place.host, place.pid, place.cores, place.blas_core}));
}

void describe_rank_timings(io::TableFile& file) {
    describe(file, kTimingTable, kTimingColumns);
}

void append_rank_timings(io::TableFile& file, const TrainingRun& run, int epoch) {
    std::int64_t rank = 0;
    for (const RankTiming& timing : run.timings())
        file.append(kTimingTable,
                    row_of(kTimingColumns, {std::int64_t{epoch}, rank++, timing.compute, timing.exchange,
                                            timing.input, timing.callbacks, timing.wait}));
}

}  // namespace lockstep
