#pragma once

#include <cstddef>
#include <string>

#include <lockstep/core/matrix_view.h>
#include <lockstep/core/shape.h>
#include <lockstep/io/table_file.h>
#include <lockstep/train/probe.h>

namespace lockstep {

/// A table of the run log with what the model makes of the same k samples again and again:
///
///     epoch, index [k], values [k, shape...]
class ProbeTable {
public:
    /// `name`: "/activations/dense". `samples`: at most so many of the probe's are used. `shape`: of the
    /// values of one sample.
    ProbeTable(std::string name, std::size_t samples, Shape shape);

    /// `unit` and `meaning` are those of the values.
    void describe(io::TableFile& file, const Probe& probe, const std::string& unit,
                  const std::string& meaning) const;
    /// `values`: [probe.size(), shape.size()].
    void append(io::TableFile& file, int epoch, const Probe& probe, ConstMatrix values) const;

private:
    std::string name_;
    std::size_t samples_;
    Shape shape_;
};

/// The first `samples` rows of `values`, each of the shape `shape`.
io::Array<double> array_of(ConstMatrix values, std::size_t samples, const Shape& shape);

}  // namespace lockstep
