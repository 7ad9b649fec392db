#pragma once

#include <string>
#include <vector>

#include <lockstep/io/table_file.h>

namespace lockstep {

/// A column of the run log and what its attributes say.
struct ColumnMeaning {
    std::string name;
    std::string unit;
    std::string description;
};

inline const ColumnMeaning kEpochColumn{"epoch", "1", "number of the epoch, from 0"};
inline const ColumnMeaning kStepColumn{"step", "1",
                                       "number of the update since the start of training, from 0"};

void describe(io::TableFile& file, const std::string& table, const std::vector<ColumnMeaning>& columns);

}  // namespace lockstep
