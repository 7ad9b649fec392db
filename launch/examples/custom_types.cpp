// Training inside a program that has MPI already: some of its ranks train, with a layer, a metric and a
// callback of its own (my_types.h).
//
//     mpirun -n 4 ./custom_types
#define OMPI_SKIP_MPICXX
#include <cstdio>
#include <memory>

#include <mpi.h>

#include <lockstep/comm/adopt.h>
#include <lockstep/comm/session.h>
#include <lockstep/data/dataset.h>
#include <lockstep/data/friedman_source.h>
#include <lockstep/nn/layers/dense.h>
#include <lockstep/nn/sequential.h>
#include <lockstep/train/trainer.h>

#include "my_types.h"

namespace {

// 2. Everything happens on the communicator that is handed over; Lockstep sends its messages on a duplicate.
void train(MPI_Comm ranks) {
    using namespace lockstep;
    Session session(adopt_communicator(ranks));
    const Dataset data(std::make_shared<FriedmanSource>(FriedmanSource::Options{.samples = 8192}));

    // 3. A layer of your own is used like any other.
    Sequential model({10});
    model.add<Gain>({});
    model.add<Dense>({.units = 32, .activation = "relu"});
    model.add<Dense>({.units = 1});

    // 4. A metric is named; its key in the logs is `name`.
    const Config within = Config::table({{"type", "within"}, {"tolerance", 2.0}, {"name", "close"}});
    Trainer trainer(session, model,
                    {.loss = "mean_squared_error", .metrics = {"mae", within}, .optimizer = "adam"});

    // 5. A callback that stops stops all ranks.
    const History history = trainer.fit(
        data,
        {.batch_size = 64,
         .epochs = 30,
         .validation_split = 0.2,
         .callbacks = {std::make_shared<StopAt>(StopAt::Options{.monitor = "val_loss", .target = 3.0})}});
    if (session.is_root())
        std::printf("%zu epochs, validation loss %.2f, %.0f %% within 2 of the target\n",
                    history.epochs().size(), history.at("val_loss").back(),
                    100.0 * history.at("val_close").back());
}

}  // namespace

int main(int argc, char** argv) {
    MPI_Init(&argc, &argv);
    register_my_types();

    // 1. The program's own split: here all ranks but the last one train, the last one would simulate.
    int rank = 0, size = 1;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    const bool trains = size == 1 || rank + 1 < size;
    MPI_Comm part = MPI_COMM_NULL;
    MPI_Comm_split(MPI_COMM_WORLD, trains ? 0 : 1, rank, &part);
    if (trains) train(part);

    MPI_Comm_free(&part);
    MPI_Finalize();
    return 0;
}
