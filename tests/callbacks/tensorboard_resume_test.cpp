#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>

#include "tensorboard_test.h"

namespace lockstep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

// Keras' batch axis begins at 0 again, and the old curves stay.
TEST_F(TensorBoardTest, ResumeCutsWhatTheCheckpointDoesNotKnow) {
    run.params_now.has_validation = true;
    TensorBoard& first = make<TensorBoard>({});
    first.on_train_begin({});
    train_epoch(first, 0, make_logs({{"loss", 0.5}, {"val_loss", 2}}));
    const Config state = Config::from_json(first.state().to_json());
    train_epoch(first, 1, make_logs({{"loss", 99}, {"val_loss", 99}}));
    std::ofstream(only_file(path("logs/train")), std::ios::app) << "torn";

    TensorBoard& second = make<TensorBoard>({});
    second.restore(state);
    second.on_train_begin({});
    train_epoch(second, 1, make_logs({{"loss", 0.25}, {"val_loss", 1}}));
    EXPECT_THAT(places(train()),
                ElementsAre(Pair("model", 0), Pair("epoch_loss", 0), Pair("epoch_learning_rate", 0),
                            Pair("epoch_loss", 1), Pair("epoch_learning_rate", 1)));
    EXPECT_THAT(curve(train(), "epoch_loss"), ElementsAre(Pair(0, 0.5F), Pair(1, 0.25F)));
    EXPECT_THAT(curve(validation(), "epoch_loss"), ElementsAre(Pair(0, 2.0F), Pair(1, 1.0F)));
    EXPECT_EQ(second.state().at("train").get<std::uint64_t>("size"),
              std::filesystem::file_size(only_file(path("logs/train"))));
}

// A file that lost its end with the machine ends within a record.
TEST_F(TensorBoardTest, ResumeOfAShortFileKeepsWholeRecords) {
    TensorBoard& first = make<TensorBoard>({.write_graph = false});
    first.on_train_begin({});
    first.add_scalar("a", 1, 0);
    first.add_scalar("a", 2, 1);
    const Config state = first.state();
    const auto file = only_file(path("logs/train"));
    std::filesystem::resize_file(file, std::filesystem::file_size(file) - 5);

    TensorBoard& second = make<TensorBoard>({.write_graph = false});
    second.restore(state);
    second.on_train_begin({});
    second.add_scalar("a", 3, 2);
    second.on_train_end({});
    EXPECT_THAT(curve(train(), "a"), ElementsAre(Pair(0, 1.0F), Pair(2, 3.0F)));

    std::filesystem::resize_file(file, std::filesystem::file_size(file) + 100);  // holes are zeros
    TensorBoard& third = make<TensorBoard>({.write_graph = false});
    third.restore(
        Config::table({{"train", Config::table({{"name", file.filename().string()}, {"size", 10000}})}}));
    third.on_train_begin({});
    EXPECT_THAT(places(train()), ElementsAre(Pair("a", 0), Pair("a", 2)));
}

TEST_F(TensorBoardTest, ResumeWithoutTheFileBeginsAnew) {
    TensorBoard& board = make<TensorBoard>({});
    board.restore(
        Config::table({{"train", Config::table({{"name", "events.out.tfevents.1.x.2.v2"}, {"size", 500}})}}));
    testing::internal::CaptureStderr();
    board.on_train_begin({});
    EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("is gone"));
    EXPECT_THAT(places(train()), ElementsAre(Pair("model", 0)));
}

// A program was killed before its first checkpoint, and is started again.
TEST_F(TensorBoardTest, ATrainingThatBeginsAnewShowsNothingOfAnEarlierAttempt) {
    run.params_now.has_validation = true;
    for (const double loss : {99.0, 1.0}) {
        TensorBoard& board = make<TensorBoard>({});
        run.step_now = 0;
        board.on_train_begin({});
        train_epoch(board, 0, make_logs({{"loss", loss}, {"val_loss", loss}}));
    }
    EXPECT_THAT(curve(train(), "epoch_loss"), ElementsAre(Pair(0, 1.0F)));
    EXPECT_THAT(curve(validation(), "epoch_loss"), ElementsAre(Pair(0, 1.0F)));
}

TEST_F(TensorBoardTest, TrainingsMayShareAnAbsoluteDirectory) {
    for (int training = 0; training < 2; ++training)
        make<TensorBoard>({.log_dir = path("logs")}).on_train_begin({});
    const std::filesystem::directory_iterator files(path("logs/train"));
    EXPECT_EQ(std::distance(begin(files), end(files)), 2);
}

TEST_F(TensorBoardTest, SecondTrainingHasItsOwnFile) {
    TensorBoard& board = make<TensorBoard>({.write_graph = false});
    for (int fit = 0; fit < 2; ++fit) {
        board.on_train_begin({});
        board.add_scalar("a", fit, 0);
        board.on_train_end({});
    }
    std::vector<float> found;
    for (const auto& entry : std::filesystem::directory_iterator(path("logs/train")))
        for (const EventValue& value : read_events(entry.path())) found.push_back(value.scalar());
    EXPECT_THAT(found, testing::UnorderedElementsAre(0, 1));
}

// What tensorboard_files_test.py looks at.
class Training {
public:
    Training(FakeRun& run, TensorBoard& board) : run_(run), board_(board) {}

    /// Two batches and a validation; `epoch_loss` is a half, a quarter, ... unless `is_wrong`.
    void epoch(int number, bool is_wrong) {
        const double loss = is_wrong ? 99 : std::exp2(-number);
        run_.epoch_now = number;
        board_.on_epoch_begin(number, {});
        for (int batch = 0; batch < 2; ++batch) {
            run_.step_now = 2 * number + batch;
            run_.gradients_now.assign(run_.weights_now.size(), static_cast<float>(run_.step_now));
            run_.batch_logs_now =
                make_logs({{"loss", is_wrong ? 99 : static_cast<double>(run_.step_now) / 8}});
            board_.on_train_batch_begin(batch, {});
            board_.on_train_batch_end(batch, make_logs({{"loss", 98}}));
        }
        board_.on_test_end(make_logs({{"loss", 2 * loss}}));
        board_.on_epoch_end(number, make_logs({{"loss", loss}, {"val_loss", 2 * loss}}));
        board_.state();  // writes what is buffered
    }

private:
    FakeRun& run_;
    TensorBoard& board_;
};

TEST_F(TensorBoardTest, FilesForOtherReaders) {
    const char* directory = std::getenv("LOCKSTEP_TENSORBOARD_DIR");
    const std::filesystem::path logs =
        directory == nullptr ? path("logs") : std::filesystem::path(directory) / "logs";
    const TensorBoard::Options options{.log_dir = logs,
                                       .histogram_freq = 1,
                                       .write_images = true,
                                       .update_freq = 1,
                                       .write_gradients = true,
                                       .images = 2,
                                       .activations = {"dense"}};
    use_images();
    run.params_now.has_validation = true;
    run.used_rate_now = 0.125;
    TensorBoard& first = make<TensorBoard>(options);
    first.on_train_begin({});
    Training(run, first).epoch(0, false);
    const Config state = first.state();
    Training(run, first).epoch(1, true);

    TensorBoard& second = make<TensorBoard>(options);
    second.restore(state);
    second.on_train_begin({});
    Training(run, second).epoch(1, false);
    Training(run, second).epoch(2, false);
    second.add_scalar("mine/scalar", -2.5, -1);
    second.add_histogram("mine/histogram", std::vector<float>{-1, 3, std::numeric_limits<float>::infinity()},
                         0);
    second.add_image("mine/image", std::vector<float>{1, 0, 0, 0, 1, 0}, 1, 2, 3, 0);
    second.add_text("mine/text", "**done** äöü", 0);
    second.on_train_end({});
    EXPECT_THAT(curve(read_events(only_file(logs / "train")), "epoch_loss"),
                ElementsAre(Pair(0, 1.0F), Pair(1, 0.5F), Pair(2, 0.25F)));
}

}  // namespace
}  // namespace lockstep
