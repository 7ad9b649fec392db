#include <lockstep/nn/shard_sums.h>

namespace lockstep {

std::span<const std::span<float>> ShardSums::split(std::span<const std::span<const float>> weights,
                                                   std::span<float> gradients) {
    const auto spans = std::span(spans_).first(weights.size());
    std::size_t end = 0;  // of the weight before
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const auto offset = static_cast<std::size_t>(weights[i].data() - weights[0].data());
        std::ranges::fill(gradients.subspan(end, offset - end), 0.0F);
        spans[i] = gradients.subspan(offset, weights[i].size());
        end = offset + weights[i].size();
    }
    std::ranges::fill(gradients.subspan(end), 0.0F);
    return spans;
}

}  // namespace lockstep
