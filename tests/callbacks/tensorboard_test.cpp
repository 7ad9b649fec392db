#include "tensorboard_test.h"

#include <cmath>

#include <lockstep/core/error.h>

namespace lockstep {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

TEST_F(TensorBoardTest, EpochsOfTrainingAndValidation) {
    run.params_now.has_validation = true;
    run.used_rate_now = 0.25;  // the last step's; the next one is made with 0.1
    TensorBoard& board = make<TensorBoard>({.write_graph = false});
    board.on_train_begin({});
    train_epoch(board, 0, make_logs({{"loss", 0.5}, {"accuracy", 0.75}, {"val_loss", 2}}));
    train_epoch(board, 1, make_logs({{"loss", 0.125}, {"learning_rate", 0.25}, {"val_loss", 1}}));
    EXPECT_THAT(places(train()),
                ElementsAre(Pair("epoch_loss", 0), Pair("epoch_accuracy", 0), Pair("epoch_learning_rate", 0),
                            Pair("epoch_loss", 1), Pair("epoch_learning_rate", 1)));
    EXPECT_THAT(curve(train(), "epoch_loss"), ElementsAre(Pair(0, 0.5F), Pair(1, 0.125F)));
    EXPECT_THAT(curve(train(), "epoch_learning_rate"), ElementsAre(Pair(0, 0.25F), Pair(1, 0.25F)));
    EXPECT_THAT(places(validation()), ElementsAre(Pair("epoch_loss", 0), Pair("epoch_loss", 1)));
    EXPECT_THAT(curve(validation(), "epoch_loss"), ElementsAre(Pair(0, 2.0F), Pair(1, 1.0F)));
}

TEST_F(TensorBoardTest, WithoutValidationThereIsOneFile) {
    TensorBoard& board = make<TensorBoard>({.log_dir = "here", .write_graph = false});
    board.on_train_begin({});
    train_epoch(board, 0, make_logs({{"val_recorded", 1}}));  // somebody's record()
    EXPECT_FALSE(std::filesystem::exists(path("here/validation")));
    EXPECT_THAT(only_file(path("here/train")).filename().string(),
                testing::MatchesRegex("events\\.out\\.tfevents\\.[0-9]+\\..+\\.[0-9]+\\.v2"));
    EXPECT_THAT(curve(read_events(only_file(path("here/train"))), "epoch_val_recorded"),
                ElementsAre(Pair(0, 1.0F)));
}

// Keras writes running means under the same names.
TEST_F(TensorBoardTest, BatchValuesAreOfTheBatchAlone) {
    TensorBoard& board = make<TensorBoard>({.write_graph = false, .update_freq = 2});
    board.on_train_begin({});
    for (int step = 0; step < 5; ++step) {
        run.step_now = 10 + step;
        run.batch_logs_now = make_logs({{"loss", step}});
        board.on_train_batch_begin(step, {});
        board.on_train_batch_end(step, make_logs({{"loss", 99}}));
    }
    board.on_train_end({});
    EXPECT_THAT(places(train()),
                ElementsAre(Pair("batch_loss", 10), Pair("batch_loss", 12), Pair("batch_loss", 14)));
    EXPECT_THAT(curve(train(), "batch_loss"), ElementsAre(Pair(10, 0.0F), Pair(12, 2.0F), Pair(14, 4.0F)));
}

TEST_F(TensorBoardTest, NoBatchesUnlessAskedFor) {
    TensorBoard& board = make<TensorBoard>({.write_graph = false, .write_steps_per_second = true});
    run.batch_logs_now = make_logs({{"loss", 1}});
    board.on_train_begin({});
    train_epoch(board, 0, {});
    EXPECT_THAT(places(train()),
                ElementsAre(Pair("epoch_learning_rate", 0), Pair("epoch_steps_per_second", 0)));
}

TEST_F(TensorBoardTest, StepsPerSecond) {
    TensorBoard& board =
        make<TensorBoard>({.write_graph = false, .write_steps_per_second = true, .update_freq = 1});
    board.on_train_begin({});
    train_epoch(board, 3, {});
    for (const char* tag : {"batch_steps_per_second", "epoch_steps_per_second"}) {
        const auto points = curve(train(), tag);
        ASSERT_FALSE(points.empty()) << tag;
        for (const auto& [step, rate] : points) EXPECT_TRUE(std::isfinite(rate) && rate > 0) << tag;
    }
    EXPECT_EQ(curve(train(), "batch_steps_per_second").size(), 2);
}

TEST_F(TensorBoardTest, EvaluationsWithinTraining) {
    run.params_now.has_validation = true;
    TensorBoard& board = make<TensorBoard>({});
    board.on_train_begin({});
    run.step_now = 7;
    board.on_test_end(make_logs({{"loss", 0.5}}));
    board.on_train_end({});
    board.on_test_end(make_logs({{"loss", 99}}));
    board.state();  // writes what is buffered
    EXPECT_THAT(places(validation()), ElementsAre(Pair("evaluation_loss_vs_iterations", 7)));
}

TEST_F(TensorBoardTest, ModelAsText) {
    TensorBoard& board = make<TensorBoard>({});
    board.on_train_begin({});
    const auto values = train();
    ASSERT_THAT(places(values), ElementsAre(Pair("model", 0)));
    std::istringstream lines(values[0].text());
    for (std::string line; std::getline(lines, line);) EXPECT_THAT(line, testing::StartsWith("    "));
    EXPECT_THAT(values[0].text(), HasSubstr("dense"));
    EXPECT_EQ(values[0].value.message(9).message(1).text(1), "text");
    EXPECT_EQ(values[0].value.message(8).number(1), 7);  // a tensor of strings,
    EXPECT_TRUE(values[0].value.message(8).has(2));      // of a scalar's shape
    EXPECT_EQ(values[0].value.message(8).text(2), "");
}

TEST_F(TensorBoardTest, OtherCallbacksAdd) {
    TensorBoard& board = make<TensorBoard>({.write_graph = false});
    EXPECT_THAT(error_of<Error>([&] { board.add_scalar("a", 1, 0); }), HasSubstr("list it before"));
    board.on_train_begin({});
    board.add_scalar("mine/a", 1e-3, 5);
    board.add_histogram("mine/b", std::vector<float>{1, 2}, 6);
    board.add_image("mine/c", std::vector<float>(12, 0.5F), 2, 2, 3, 7);
    board.on_train_end({});
    board.add_text("mine/d", "**done**", 8);  // in on_train_end of a later callback
    board.on_exception(std::runtime_error("flushes"));
    const auto values = train();
    EXPECT_THAT(places(values),
                ElementsAre(Pair("mine/a", 5), Pair("mine/b", 6), Pair("mine/c", 7), Pair("mine/d", 8)));
    EXPECT_EQ(values[0].scalar(), 1e-3F);
    EXPECT_EQ(values[1].histogram().real(3), 2);
    EXPECT_EQ(values[2].image().number(3), 3);
    EXPECT_EQ(values[3].text(), "**done**");
    EXPECT_THROW(board.add_image("e", std::vector<float>(11), 2, 2, 3, 0), ShapeError);
    EXPECT_THROW(board.add_image("e", std::vector<float>(20), 2, 2, 5, 0), ShapeError);
}

TEST_F(TensorBoardTest, SaysWhatItRefuses) {
    const auto message = [](const TensorBoard::Options& options) {
        return error_of<ConfigError>([&] { TensorBoard board(options); });
    };
    EXPECT_THAT(message({.log_dir = ""}), HasSubstr("tensorboard: log_dir"));
    EXPECT_THAT(message({.histogram_freq = -1}),
                HasSubstr("tensorboard: histogram_freq: expected 0 or more"));
    EXPECT_THAT(message({.update_freq = 0}), HasSubstr("tensorboard: update_freq"));
    EXPECT_THAT(message({.profile_batch = 2}), HasSubstr("run_logger keeps where the time goes"));
    EXPECT_THAT(message({.embeddings_freq = 1}), HasSubstr("no embedding layers"));
    EXPECT_THAT(message({.embeddings_metadata = "x.tsv"}), HasSubstr("no embedding layers"));
    EXPECT_THAT(message({.write_gradients = true}), HasSubstr("it needs histogram_freq"));
    EXPECT_THAT(message({.write_images = true}), HasSubstr("write_images: it needs"));
    EXPECT_THAT(message({.activations = {"dense"}}), HasSubstr("activations: it needs"));
    EXPECT_THAT(message({.image_freq = -1}), HasSubstr("tensorboard: image_freq"));
    EXPECT_THAT(message({.flush = 0}), HasSubstr("tensorboard: flush"));
}

TEST_F(TensorBoardTest, FromAJobFile) {
    const auto made = [](const char* json) { return TensorBoard::from_config(Config::from_json(json)); };
    for (const char* json :
         {"{}", R"({"update_freq": "epoch"})", R"({"update_freq": "batch", "flush": "5s"})",
          R"({"update_freq": 100, "profile_batch": 0, "embeddings_freq": 0})",
          R"({"histogram_freq": 1, "write_gradients": true, "activations": ["dense"]})"})
        EXPECT_NO_THROW(made(json)) << json;
    EXPECT_TRUE(made(R"({"histogram_freq": 1, "write_gradients": true})")->needs().gradients);
    EXPECT_EQ(made(R"({"images": 3})")->needs().probe_samples, 3);
    EXPECT_THAT(error_of<ConfigError>([&] { made(R"({"update_freq": "step"})"); }),
                AllOf(HasSubstr("update_freq"), HasSubstr("got \"step\"")));
    EXPECT_THAT(error_of<ConfigError>([&] { made(R"({"profile_batch": [10, 20]})"); }),
                AllOf(HasSubstr("profile_batch"), HasSubstr("no TensorFlow graph")));
    EXPECT_THAT(error_of<ConfigError>([&] { made(R"({"embeddings_metadata": "x"})"); }),
                HasSubstr("no embedding layers"));
    for (const TypeHelp::Key& key : TensorBoard::help().keys) EXPECT_THAT(key.text, Not(IsEmpty()));
}

}  // namespace
}  // namespace lockstep
