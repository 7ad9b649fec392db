// Curves, histograms and images for TensorBoard, written by a callback of one's own. TensorBoard need not be
// installed where the training runs; afterwards
//
//     mpirun -n 2 ./tensorboard_logs [DIRECTORY]
//     tensorboard --logdir DIRECTORY/logs
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include <lockstep/callbacks/tensorboard.h>
#include <lockstep/comm/session.h>
#include <lockstep/data/dataset.h>
#include <lockstep/data/glyph_source.h>
#include <lockstep/nn/layers/dense.h>
#include <lockstep/nn/layers/flatten.h>
#include <lockstep/nn/sequential.h>
#include <lockstep/train/callback.h>
#include <lockstep/train/trainer.h>

using namespace lockstep;

namespace {

constexpr std::size_t kSide = 28;  // pixels of a digit
constexpr std::size_t kUnits = 32;

/// 1. Adds to what a TensorBoard writes, and so must come after it in the list.
class MyCurves final : public Callback {
public:
    explicit MyCurves(std::shared_ptr<TensorBoard> writer) : writer_(std::move(writer)) {}

    /// 2. One value per step: of the batch alone, over all ranks. step() counts from the start of training,
    /// also in a resumed run.
    void on_train_batch_end(std::int64_t /*batch*/, const Logs& /*logs*/) override {
        writer_->add_scalar("training loss", run().batch_logs().at("loss"), run().step());
    }

    /// 3. One value per epoch, a histogram, a picture.
    void on_epoch_end(int epoch, const Logs& logs) override {
        writer_->add_scalar("epoch loss", logs.at("loss"), epoch);
        writer_->add_histogram("first kernel", first_kernel(), epoch);
        writer_->add_image("first unit", first_unit(), kSide, kSide, 1, epoch);
    }

private:
    /// The model's first weight: [pixels, units].
    std::span<const float> first_kernel() const {
        const Parameter& kernel = run().model().parameters().parameters.front();
        return run().weights().subspan(kernel.offset, kernel.size);
    }

    /// How the first unit weighs the pixels, from black (smallest) to white.
    std::vector<float> first_unit() const {
        const std::span<const float> kernel = first_kernel();
        std::vector<float> picture(kSide * kSide);
        for (std::size_t pixel = 0; pixel < picture.size(); ++pixel) picture[pixel] = kernel[pixel * kUnits];
        const auto [low, high] = std::ranges::minmax(picture);
        for (float& value : picture) value = (value - low) / (high - low);
        return picture;
    }

    std::shared_ptr<TensorBoard> writer_;
};

Dataset digits(std::uint64_t samples, std::uint64_t stream) {
    return Dataset(std::make_shared<GlyphSource>(GlyphSource::Options{.samples = samples, .stream = stream}));
}

}  // namespace

int main(int argc, char** argv) {
    Session session(argc, argv);
    Sequential model({kSide, kSide, 1});
    model.add<Flatten>();
    model.add<Dense>({.units = kUnits, .activation = "relu"});
    model.add<Dense>({.units = 10, .activation = "softmax"});
    Trainer trainer(session, model,
                    {.loss = "sparse_categorical_crossentropy",
                     .metrics = {"accuracy"},
                     .optimizer = Config::table({{"type", "adam"}, {"learning_rate", 0.001}}),
                     .directory = argc > 1 ? argv[1] : "."});

    // 4. What needs no code: loss and metrics of epochs and batches, histograms of each weight, digits.
    const auto writer = std::make_shared<TensorBoard>(
        TensorBoard::Options{.log_dir = "logs", .histogram_freq = 1, .update_freq = 1, .images = 4});
    trainer.fit(digits(640, 0), {.batch_size = 64,
                                 .epochs = 10,
                                 .validation_data = digits(128, 1),
                                 .callbacks = {writer, std::make_shared<MyCurves>(writer)}});
    return 0;  // the files are closed
}
