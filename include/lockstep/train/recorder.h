#pragma once

#include <string_view>

namespace lockstep {

enum class Merge { mean, sum, minimum, maximum };

/// Notes a value on any rank, from a layer, a loss or a callback; the values of an epoch are merged over
/// calls and ranks and become a key of the epoch's logs. `weight` counts in means. A name must always come
/// with the same `merge`; throws Error otherwise.
void record(std::string_view name, double value, double weight = 1.0, Merge merge = Merge::mean);

}  // namespace lockstep
