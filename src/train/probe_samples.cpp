#include "probe_samples.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace lockstep {

Probe::Samples read_probe_samples(const Dataset& data, std::size_t count, std::string name) {
    count = static_cast<std::size_t>(std::min<std::uint64_t>(count, data.size()));
    const std::size_t features = data.input_shape().size();
    const std::size_t targets = data.has_targets() ? data.target_shape().size() : 0;
    std::vector<std::uint64_t> index(count);
    std::iota(index.begin(), index.end(), 0);
    Probe::Samples samples{.data = std::move(name),
                           .index = {index.begin(), index.end()},
                           .inputs = std::vector<float>(count * features),
                           .targets = std::vector<float>(count * targets)};
    const Matrix target_rows{samples.targets.data(), count, targets};
    data.read(index,
              {.inputs = {samples.inputs.data(), count, features}, .targets = target_rows, .weights = {}});
    if (data.target_scaling() && targets > 0) data.target_scaling()->undo(target_rows);
    return samples;
}

}  // namespace lockstep
