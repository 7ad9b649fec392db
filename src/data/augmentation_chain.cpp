#include <algorithm>

#include <lockstep/core/error.h>
#include <lockstep/data/augmentation_chain.h>
#include <lockstep/data/registry.h>

namespace lockstep {

namespace {

RandomStream stream_of(std::uint64_t seed, std::size_t link, std::uint64_t pass) {
    return {seed, Purpose::augmentation, link, pass};
}

}  // namespace

AugmentationChain::AugmentationChain(const std::vector<Config>& augmentations, const Shape& input)
    : output_(input) {
    for (const Config& config : augmentations) {
        std::unique_ptr<Augmentation> made = augmentation_registry().make(config);
        try {
            output_ = made->build(output_);
        } catch (const ShapeError& error) {
            config.fail(error.what());
        }
        links_.push_back({std::move(made), output_.size(), stream_of(0, links_.size(), 0)});
    }
    reserve();
}

void AugmentationChain::reserve() {
    std::size_t most = 0;
    for (std::size_t i = 0; i + 1 < links_.size(); ++i) most = std::max(most, links_[i].outputs);
    for (auto& buffer : between_) buffer = AlignedBuffer<float>(most);
}

void AugmentationChain::begin_pass(std::uint64_t seed, std::uint64_t pass) {
    for (std::size_t i = 0; i < links_.size(); ++i) links_[i].random = stream_of(seed, i, pass);
}

void AugmentationChain::apply(std::uint64_t position, std::span<const float> from, std::span<float> to) {
    for (std::size_t i = 0; i < links_.size(); ++i) {
        const Link& link = links_[i];
        const std::span<float> result =
            i + 1 == links_.size() ? to : between_[i % 2].span().first(link.outputs);
        link.augmentation->apply({link.random, position}, from, result);
        from = result;
    }
}

}  // namespace lockstep
