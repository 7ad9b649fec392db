#pragma once

namespace lockstep {

/// The whole command line, for the program `lockstep` and for programs that add types of their own:
///
///     int main(int argc, char** argv) {
///         lockstep::register_layer("scale", [](const Config& keys) { ... });
///         return lockstep::main(argc, argv);
///     }
///
/// Registers the built-in callbacks, may start the program again for faster BLAS kernels, starts and ends MPI
/// where a command needs it. Returns the exit code, which is the same on all ranks. Call it first: no
/// threads, no output, no MPI before.
int main(int argc, char** argv);

}  // namespace lockstep
