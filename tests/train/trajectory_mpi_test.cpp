// Training follows PyTorch's in double precision, loss by loss: the same weights, batches and optimizer.
// Rounding grows from step to step, so late steps agree to fewer digits.
#include <string_view>

#include <gtest/gtest.h>

#include <lockstep/train/trainer.h>

#include "golden_file.h"
#include "mpi_test.h"

namespace lockstep {
namespace {

/// See golden_trajectories.py.
class Lcg {
public:
    /// In [-1, 1).
    float draw() {
        state_ = 1664525U * state_ + 1013904223U;
        return static_cast<float>(state_ >> 8) * 0x1p-23F - 1.0F;
    }
    void fill(std::span<float> values, float scale) {
        for (float& value : values) value = scale * draw();
    }

private:
    std::uint32_t state_ = 1;
};

class Trajectory : public MpiTest, public testing::WithParamInterface<std::string> {
protected:
    const Config golden_ = golden::load("trajectories", GetParam());
    const std::size_t samples_ = golden_.get<std::size_t>("samples");
    const std::size_t batch_ = golden_.get<std::size_t>("batch");
    Sequential model_ = Sequential::from_config(golden_.at("model"));
    std::vector<float> inputs_, targets_;
    Lcg lcg_;

    void set_weights(Trainer& trainer) {
        std::vector<float> weights = trainer.get_weights();
        const auto scale = static_cast<float>(golden_.get<double>("scale"));
        for (const Parameter& parameter : model_.parameters().parameters) {
            const auto values = std::span(weights).subspan(parameter.offset, parameter.size);
            const std::string_view name = parameter.name;
            if (name.ends_with("kernel"))
                lcg_.fill(values, scale);
            else
                std::ranges::fill(values,
                                  name.ends_with("gamma") || name.ends_with("moving_variance") ? 1.0F : 0.0F);
        }
        trainer.set_weights(weights);
    }

    void draw_samples() {
        inputs_.resize(samples_ * model_.input_shape().size());
        targets_.resize(samples_);
        lcg_.fill(inputs_, 1.0F);
        lcg_.fill(targets_, 1.0F);
        const auto classes = golden_.get<double>("classes");
        if (classes == 0.0) return;
        for (float& target : targets_)
            target = static_cast<float>(std::floor((static_cast<double>(target) + 1.0) / 2.0 * classes));
    }

    double step(Trainer& trainer, std::size_t index) {
        const std::size_t first = index * batch_ % samples_, columns = model_.input_shape().size();
        return trainer
            .train_on_batch({inputs_.data() + first * columns, batch_, columns},
                            {targets_.data() + first, batch_, 1})
            .at("loss");
    }
};

TEST_P(Trajectory, FollowsPyTorch) {
    constexpr std::size_t kEarly = 50;
    Session alone;  // statistics are those of a whole batch, on one rank
    Trainer trainer(model_.has_shard_statistics() ? alone : *session, model_,
                    {.loss = golden_.at("loss"), .optimizer = golden_.at("optimizer")});
    set_weights(trainer);
    draw_samples();
    const auto losses = golden_.at("losses").as<std::vector<double>>();
    double early = 0.0, late = 0.0;  // relative errors
    for (std::size_t index = 0; index < losses.size(); ++index) {
        const double error = std::abs(step(trainer, index) - losses[index]) / losses[index];
        double& largest = index < kEarly ? early : late;
        largest = std::max(largest, error);
    }
    EXPECT_EQ(losses.size(), 200U);
    EXPECT_LT(early, 1e-4);
    EXPECT_LT(late, 1e-2);
    EXPECT_LT(std::ranges::min(losses), 0.5 * losses.front()) << "there is something to follow";
    RecordProperty("early", std::to_string(early));
    RecordProperty("late", std::to_string(late));
}

INSTANTIATE_TEST_SUITE_P(All, Trajectory, testing::ValuesIn(golden::cases("trajectories")),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace lockstep
