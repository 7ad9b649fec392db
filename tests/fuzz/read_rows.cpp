#include "read_rows.h"

#include <array>
#include <vector>

namespace lockstep::fuzz {

void read_rows(const Source& source) {
    constexpr std::size_t kMost = 1 << 20;  // numbers of a sample
    const std::size_t width = source.input_shape().size();
    const std::size_t targets = source.has_targets() ? source.target_shape().size() : 0;
    if (source.size() == 0 || width > kMost || targets > kMost) return;
    const std::array<std::uint64_t, 2> indices{0, source.size() - 1};
    std::vector<float> inputs(2 * width), wanted(2 * targets), weights(source.has_weights() ? 2 : 0);
    source.read(indices, {.inputs = {inputs.data(), 2, width},
                          .targets = targets == 0 ? Matrix{} : Matrix{wanted.data(), 2, targets},
                          .weights = weights});
}

}  // namespace lockstep::fuzz
