// The smallest whole program: handwritten digits, two layers, three epochs. Start it on as many ranks as you
// like:
//
//     mpirun -n 4 ./smallest
#include <cstdio>
#include <memory>

#include <lockstep/callbacks/progress_bar.h>
#include <lockstep/comm/session.h>
#include <lockstep/data/dataset.h>
#include <lockstep/data/glyph_source.h>
#include <lockstep/nn/layers/dense.h>
#include <lockstep/nn/layers/flatten.h>
#include <lockstep/nn/sequential.h>
#include <lockstep/train/trainer.h>

int main(int argc, char** argv) {
    using namespace lockstep;
    Session session(argc, argv);

    // 1. Data: each rank reads only the samples that it needs.
    const Dataset digits(std::make_shared<GlyphSource>(GlyphSource::Options{.samples = 10'000}));

    // 2. A model: layer after layer, as in Keras.
    Sequential model({28, 28, 1});
    model.add<Flatten>();
    model.add<Dense>({.units = 64, .activation = "relu"});
    model.add<Dense>({.units = 10, .activation = "softmax"});

    // 3. How to train it. With `shards`, results are the same on 1, 2, 4 and 8 ranks, bit by bit.
    Trainer trainer(session, model,
                    {.loss = "sparse_categorical_crossentropy",
                     .metrics = {"accuracy"},
                     .optimizer = "adam",
                     .shards = 8});

    // 4. Training. `batch_size` is that of all ranks together.
    const History history =
        trainer.fit(digits, {.batch_size = 128,
                             .epochs = 3,
                             .validation_split = 0.1,
                             .callbacks = {std::make_shared<ProgressBar>(ProgressBar::Options{})}});

    // 5. Every rank has the history; one of them says so.
    if (session.is_root()) std::printf("validation accuracy: %.3f\n", history.at("val_accuracy").back());
    return 0;
}
