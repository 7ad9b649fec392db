#!/usr/bin/env bash
# Installs what is missing, builds with the tests, and runs them. Arguments go to ctest:
#     launch/run-tests.sh -R log -V
# LOCKSTEP_DATA names a folder with mnist/ and cifar10/; tests that need it are skipped without.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. launch/lib/common.sh

install_dependencies run build test
cmake --preset release -DLOCKSTEP_TESTS=ON -DLOCKSTEP_EXAMPLES=ON
cmake --build --preset release
prepare_mpi
ctest --preset release --parallel "$(nproc)" "$@"
