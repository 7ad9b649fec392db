#include "probe_table.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "columns.h"

namespace lockstep {

ProbeTable::ProbeTable(std::string name, std::size_t samples, Shape shape)
    : name_(std::move(name)), samples_(samples), shape_(std::move(shape)) {}

void ProbeTable::describe(io::TableFile& file, const Probe& probe, const std::string& unit,
                          const std::string& meaning) const {
    lockstep::describe(file, name_,
                       {kEpochColumn,
                        {"index", "1", "numbers of the samples in the " + probe.samples().data + " data"},
                        {"values", unit, meaning}});
}

void ProbeTable::append(io::TableFile& file, int epoch, const Probe& probe, ConstMatrix values) const {
    const std::size_t count = std::min(samples_, probe.size());
    const auto index = probe.samples().index.begin();
    const io::Array<std::int64_t> numbers{.values = {index, index + static_cast<std::ptrdiff_t>(count)},
                                          .shape = {count}};
    file.append(
        name_,
        {{"epoch", std::int64_t{epoch}}, {"index", numbers}, {"values", array_of(values, count, shape_)}});
}

io::Array<double> array_of(ConstMatrix values, std::size_t samples, const Shape& shape) {
    const auto rows = values.rows(0, samples).values();
    io::Array<double> array{.values = {rows.begin(), rows.end()}, .shape = {samples}};
    array.shape.insert(array.shape.end(), shape.extents().begin(), shape.extents().end());
    return array;
}

}  // namespace lockstep
