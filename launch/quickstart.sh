#!/usr/bin/env bash
# From a fresh checkout to a trained network: installs what is missing, builds, trains on two ranks.
# Can be run again at any time; it then starts a new run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. launch/lib/common.sh

ranks=2
job=launch/jobs/glyphs.toml
program=build/release/lockstep

build() {
    cmake --preset release -DLOCKSTEP_TESTS=OFF -DLOCKSTEP_EXAMPLES=OFF
    cmake --build --preset release
}

# runs/quickstart-1, or the first number that is free.
fresh_run_directory() {
    local number=1
    while [ -e "runs/quickstart-$number" ]; do number=$((number + 1)); done
    say "runs/quickstart-$number"
}

train() {
    local flags=()
    prepare_mpi
    [ "$(physical_cores)" -ge "$ranks" ] || flags+=(--oversubscribe)
    mpirun "${flags[@]}" -n "$ranks" "$program" train "$job" --run-dir "$1"
}

install_dependencies run build
build
run=$(fresh_run_directory)
say
train "$run"

cat <<END

Everything about this run is in $run: run.h5 has every loss and metric, checkpoints/ the weights.
Next:
    # what was recorded, and the network on the validation data
    $program inspect $run/run.h5
    $program evaluate $run
    # what a job file may say (also callbacks, losses, metrics, optimizers)
    $program list layers
    # your own: edit the copy, then train (on a cluster: hpc/slurm/README.md)
    cp $job my-job.toml
    mpirun -n $ranks $program train my-job.toml
END
