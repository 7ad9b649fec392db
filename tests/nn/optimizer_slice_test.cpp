// An update has the same bits however the weights are cut into stretches, and writes nothing beyond one.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <lockstep/core/random.h>
#include <lockstep/nn/registry.h>

using namespace lockstep;

namespace {

constexpr std::size_t kWeights = 70;  // longer than any vector, and no multiple of one
constexpr float kGuard = -12345.0F;

/// Weights and slots, each between guards.
class Memory {
public:
    explicit Memory(std::size_t slots) {
        for (std::size_t i = 0; i <= slots; ++i) arrays_.emplace_back(kWeights + 2, i == 0 ? 1.0F : 0.0F);
        for (auto& array : arrays_) array.front() = array.back() = kGuard;
    }

    void update(const Optimizer& optimizer, std::size_t first, std::size_t count, std::int64_t iteration) {
        std::vector<float> gradient(kWeights);
        RandomStream(1, Purpose::noise, 0, static_cast<std::uint64_t>(iteration)).normal(0, 0, gradient);
        std::vector<std::span<float>> slots;
        for (std::size_t i = 1; i < arrays_.size(); ++i) slots.push_back(part(i, first, count));
        const SliceUpdate update{.weights = part(0, first, count),
                                 .gradient = std::span(gradient).subspan(first, count),
                                 .slots = slots,
                                 .learning_rate = optimizer.learning_rate(),
                                 .iteration = iteration,
                                 .weight_norm = 8.0,
                                 .direction_norm = 7.0};
        if (optimizer.needs_norms()) optimizer.measure(update);
        optimizer.update(update);
    }

    bool guarded() const {
        for (const auto& array : arrays_)
            if (array.front() != kGuard || array.back() != kGuard) return false;
        return true;
    }

    bool operator==(const Memory&) const = default;

private:
    std::span<float> part(std::size_t array, std::size_t first, std::size_t count) {
        return std::span(arrays_[array]).subspan(1 + first, count);
    }

    std::vector<std::vector<float>> arrays_;
};

class OptimizerSlices : public testing::TestWithParam<std::string> {};

TEST_P(OptimizerSlices, HaveTheSameBitsWhereverTheyStart) {
    const auto optimizer = make_optimizer(Config::from_json(GetParam()));
    const auto updated = [&](std::size_t first) {
        Memory memory(optimizer->slots().size());
        for (std::int64_t iteration = 0; iteration < 3; ++iteration) {
            memory.update(*optimizer, 0, first, iteration);
            memory.update(*optimizer, first, kWeights - first, iteration);
        }
        return memory;
    };
    const Memory whole = updated(0);
    EXPECT_TRUE(whole.guarded());
    for (std::size_t first = 1; first < kWeights; ++first) {
        const Memory cut = updated(first);
        ASSERT_TRUE(cut.guarded()) << first;
        ASSERT_TRUE(cut == whole) << first;
    }
}

INSTANTIATE_TEST_SUITE_P(
    BuiltIn, OptimizerSlices,
    testing::Values(R"("adadelta")", R"("adagrad")", R"("adam")", R"({"type": "adam", "amsgrad": true})",
                    R"("adamax")", R"("adamw")", R"("ftrl")", R"("lamb")", R"("lars")", R"("lion")",
                    R"("nadam")", R"("rmsprop")", R"({"type": "rmsprop", "momentum": 0.5, "centered": true})",
                    R"("sgd")", R"({"type": "sgd", "momentum": 0.9, "nesterov": true})"));

}  // namespace
