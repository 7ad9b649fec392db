#include "columns.h"

namespace lockstep {

void describe(io::TableFile& file, const std::string& table, const std::vector<ColumnMeaning>& columns) {
    for (const ColumnMeaning& column : columns)
        file.describe(table, column.name, column.unit, column.description);
}

}  // namespace lockstep
