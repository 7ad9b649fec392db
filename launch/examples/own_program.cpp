// A program with the whole command line of `lockstep`, and types of your own on top (my_types.h). Job files
// can name them:
//
//     layers = [{ type = "gain" }, { type = "dense", units = 1 }]
//     metrics = [{ type = "within", tolerance = 2.0 }]
//     [[callbacks]]
//     type = "stop_at"
//     target = 3.0
//
//     mpirun -n 4 ./own_program train job.toml
#include <lockstep/launch/main.h>

#include "my_types.h"

int main(int argc, char** argv) {
    register_my_types();
    return lockstep::main(argc, argv);
}
