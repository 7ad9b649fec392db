#include <cmath>
#include <limits>

#include <lockstep/core/error.h>

#include "tensorboard_test.h"

namespace lockstep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

TEST_F(TensorBoardTest, HistogramsOfWeights) {
    TensorBoard& board = make<TensorBoard>({.histogram_freq = 2, .write_graph = false});
    board.on_train_begin({});
    for (int epoch = 0; epoch < 4; ++epoch) {
        run.weights_now = store(-1, static_cast<float>(epoch), 0.5);
        train_epoch(board, epoch, {});
    }
    const auto values = train();
    EXPECT_THAT(places(values), ElementsAre(Pair("epoch_learning_rate", 0), Pair("dense/kernel/histogram", 0),
                                            Pair("dense/bias/histogram", 0), Pair("epoch_learning_rate", 1),
                                            Pair("epoch_learning_rate", 2), Pair("dense/kernel/histogram", 2),
                                            Pair("dense/bias/histogram", 2), Pair("epoch_learning_rate", 3)));
    const WireMessage kernel = values[5].histogram();
    EXPECT_EQ(kernel.real(1), -1);
    EXPECT_EQ(kernel.real(2), 2);
    EXPECT_EQ(kernel.real(3), 2);
    EXPECT_EQ(kernel.real(4), 1);
    EXPECT_EQ(kernel.real(5), 5);
    EXPECT_EQ(kernel.reals(6).size(), 30);
    EXPECT_EQ(kernel.reals(6).back(), 2);
    const std::vector<double> counts = kernel.reals(7);
    EXPECT_EQ(counts.size(), 30);
    EXPECT_EQ(counts.front(), 1);
    EXPECT_EQ(counts.back(), 1);
    EXPECT_THAT(values[6].histogram().reals(7), ElementsAre(1));
}

TEST_F(TensorBoardTest, WeightsThatAreNotFiniteAreCounted) {
    TensorBoard& board = make<TensorBoard>({.histogram_freq = 1, .write_graph = false});
    board.on_train_begin({});
    run.weights_now = store(std::numeric_limits<float>::quiet_NaN(), 4, 1);
    train_epoch(board, 0, make_logs({{"loss", std::numeric_limits<double>::quiet_NaN()}}));
    EXPECT_TRUE(std::isnan(curve(train(), "epoch_loss").at(0).second));
    EXPECT_THAT(curve(train(), "dense/kernel/histogram_non_finite"), ElementsAre(Pair(0, 1.0F)));
    EXPECT_THAT(curve(train(), "dense/bias/histogram_non_finite"), IsEmpty());
}

TEST_F(TensorBoardTest, GradientsOfTheLastBatch) {
    TensorBoard& board =
        make<TensorBoard>({.histogram_freq = 2, .write_graph = false, .write_gradients = true});
    EXPECT_TRUE(board.needs().gradients);
    board.on_train_begin({});
    run.weights_now = store(0, 0, 0);
    for (int epoch = 0; epoch < 2; ++epoch) {
        run.epoch_now = epoch;
        for (int batch = 0; batch < 2; ++batch) {
            run.gradients_now = store(static_cast<float>(batch), 0, 0);
            board.on_train_batch_end(batch, {});
        }
    }
    board.on_train_end({});
    const auto values = train();
    EXPECT_THAT(places(values),
                ElementsAre(Pair("dense/kernel/gradient", 0), Pair("dense/bias/gradient", 0)));
    EXPECT_EQ(values[0].histogram().real(2), 1);  // batch 1
}

TEST_F(TensorBoardTest, GradientsOfTheBatchAtWhichTrainingStops) {
    TensorBoard& board =
        make<TensorBoard>({.histogram_freq = 1, .write_graph = false, .write_gradients = true});
    board.on_train_begin({});
    run.gradients_now = store(0, 0, 0);
    run.stopped = true;
    board.on_train_batch_end(0, {});
    board.on_train_end({});
    EXPECT_EQ(train().size(), 2);
}

TEST_F(TensorBoardTest, ImagesOfInputsWeightsAndActivations) {
    use_images();
    TensorBoard& board = make<TensorBoard>({.write_graph = false,
                                            .write_images = true,
                                            .images = 9,
                                            .activations = {"flatten", "dense"},
                                            .image_freq = 1});
    EXPECT_EQ(board.needs().probe_samples, 9);
    board.on_train_begin({});
    EXPECT_THAT(places(train()),
                ElementsAre(Pair("inputs/0", 0), Pair("inputs/1", 0)));  // all that there are
    train_epoch(board, 0, {});
    const auto values = train();
    EXPECT_THAT(places(values),
                ElementsAre(Pair("inputs/0", 0), Pair("inputs/1", 0), Pair("epoch_learning_rate", 0),
                            Pair("dense/kernel/image", 0), Pair("dense/bias/image", 0),
                            Pair("flatten/activations", 0), Pair("dense/activations", 0)));
    const auto size = [&](std::size_t index) {
        return std::pair(values[index].image().number(1), values[index].image().number(2));
    };
    EXPECT_EQ(size(0), std::pair(2UL, 2UL));  // height, width
    EXPECT_EQ(size(3), std::pair(2UL, 4UL));  // [4, 2], lying
    EXPECT_EQ(size(4), std::pair(1UL, 2UL));
    EXPECT_EQ(size(5), std::pair(1UL, 4UL));
    EXPECT_EQ(size(6), std::pair(1UL, 2UL));
    EXPECT_EQ(values[0].image().number(3), 1);
    EXPECT_THAT(values[0].image().text(4), testing::StartsWith("\x89PNG"));
}

TEST_F(TensorBoardTest, NeedsNoProbeForHistograms) {
    EXPECT_EQ(make<TensorBoard>({.histogram_freq = 1}).needs().probe_samples, 0);
    EXPECT_FALSE(make<TensorBoard>({.histogram_freq = 1}).needs().gradients);
    EXPECT_EQ(make<TensorBoard>({.activations = {"dense"}, .image_freq = 1}).needs().probe_samples, 1);
}

TEST_F(TensorBoardTest, RefusesSamplesThatAreNoImagesAndUnknownLayers) {
    TensorBoard& images = make<TensorBoard>({.images = 1});
    EXPECT_THAT(error_of<ConfigError>([&] { images.on_train_begin({}); }), HasSubstr("got [2]"));
    TensorBoard& layers = make<TensorBoard>({.activations = {"dens"}, .image_freq = 1});
    EXPECT_THAT(error_of<ConfigError>([&] { layers.on_train_begin({}); }),
                HasSubstr("no layer \"dens\"; the model has: dense"));
    EXPECT_FALSE(std::filesystem::exists(path("logs")));
}

}  // namespace
}  // namespace lockstep
