#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <lockstep/comm/session.h>
#include <lockstep/data/dataset.h>
#include <lockstep/data/friedman_source.h>
#include <lockstep/data/glyph_source.h>
#include <lockstep/nn/layers/dense.h>
#include <lockstep/nn/layers/dropout.h>
#include <lockstep/nn/layers/flatten.h>
#include <lockstep/train/trainer.h>

namespace lockstep {

/// A small classifier of glyphs with everything that could depend on the number of ranks: dropout, an odd
/// number of samples, a clipped global norm.
struct ToyOptions {
    std::size_t shards = 4;
    bool elastic = false;
    ExchangeMode exchange = ExchangeMode::automatic;
    bool clips = true;
    double learning_rate = 0.1;
    std::string directory = ".";
};

class Toy {
public:
    explicit Toy(Session& session, ToyOptions options = {}) : model_({28, 28, 1}) {
        model_.add<Flatten>();
        model_.add<Dense>({.units = 32, .activation = "relu"});
        model_.add<Dropout>({.rate = 0.25});
        model_.add<Dense>({.units = 10, .activation = "softmax"});
        Config optimizer =
            Config::table({{"type", "sgd"}, {"learning_rate", options.learning_rate}, {"momentum", 0.9}});
        if (options.clips) optimizer.set("global_clipnorm", 1.0);
        trainer_ = std::make_unique<Trainer>(session, model_,
                                             TrainerOptions{.loss = "sparse_categorical_crossentropy",
                                                            .metrics = {"accuracy"},
                                                            .optimizer = optimizer,
                                                            .seed = 7,
                                                            .shards = options.shards,
                                                            .elastic = options.elastic,
                                                            .exchange = options.exchange,
                                                            .directory = options.directory});
    }

    Trainer& trainer() { return *trainer_; }
    Sequential& model() { return model_; }

    static Dataset glyphs(std::uint64_t samples, std::uint64_t stream = 0) {
        return Dataset(
            std::make_shared<GlyphSource>(GlyphSource::Options{.samples = samples, .stream = stream}));
    }

private:
    Sequential model_;
    std::unique_ptr<Trainer> trainer_;
};

/// A regression on ten numbers: two layers, mean squared error.
class ToyRegression {
public:
    explicit ToyRegression(Session& session, std::size_t shards = 0) : model_({10}) {
        model_.add<Dense>({.units = 8, .activation = "tanh"});
        model_.add<Dense>({.units = 1});
        trainer_ = std::make_unique<Trainer>(
            session, model_,
            TrainerOptions{.loss = "mean_squared_error",
                           .metrics = {"mae"},
                           .optimizer = Config::table({{"type", "adam"}, {"learning_rate", 0.01}}),
                           .seed = 3,
                           .shards = shards});
    }

    Trainer& trainer() { return *trainer_; }
    Sequential& model() { return model_; }

    static Dataset data(std::uint64_t samples, std::uint64_t stream = 0) {
        return Dataset(
            std::make_shared<FriedmanSource>(FriedmanSource::Options{.samples = samples, .stream = stream}));
    }

private:
    Sequential model_;
    std::unique_ptr<Trainer> trainer_;
};

}  // namespace lockstep
