#!/usr/bin/env bash
# Feeds damaged and hostile files to everything that reads files: run.sh SECONDS [TARGET...]
#
# Builds the fuzzers with clang, makes what they begin with, and runs each (or those named) for SECONDS, two at a
# time. Fails on a crash, a leak, an undefined operation, more than 10 s or 1 GB for one input, or a file opened
# that was not to be opened; the input that did it is then in build/fuzz/findings. What they learn is kept in
# build/fuzz/learnt for the next time. With SEED=1, say, in the environment it begins the same way each time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. launch/lib/common.sh

readonly all=(job idx npy npz csv png hdf5_data run_file checkpoint keras)
readonly folder=$PWD/build/fuzz

usage() {
    say "usage: $0 SECONDS [TARGET...]    targets: ${all[*]}" >&2
    exit 2
}

build() {
    cmake --preset fuzz >/dev/null
    cmake --build --preset fuzz --target "${@/%/_fuzzer}" >"$folder/build.log" || { tail -n 40 "$folder/build.log" && return 1; }
    PATH=/usr/bin:$PATH python3 -B tests/fuzz/make_corpus.py "$folder/corpus"  # Debian's has NumPy and h5py
}

# fuzz SECONDS TARGET: its output goes to build/fuzz/TARGET.log.
fuzz() {
    local seconds=$1 target=$2 status=0
    mkdir -p "$folder/learnt/$target" "$folder/findings"
    cd "$folder/corpus/beside-jobs"
    "$folder/tests/fuzz/${target}_fuzzer" -max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=1024 \
        -malloc_limit_mb=320 -seed="${SEED-0}" -print_final_stats=1 -artifact_prefix="$folder/findings/$target-" \
        "$folder/learnt/$target" "$folder/corpus/$target" >"$folder/$target.log" 2>&1 || status=$?
    echo "$status" >"$folder/$target.status"
}
export -f fuzz
export folder

last_number() { grep -aoE "$2 [0-9]+" "$folder/$1.log" | tail -n 1 | grep -oE '[0-9]+' || say -; }

# One line for each target; fails if one failed.
report() {
    local target failed=()
    printf '%-12s %12s %10s %10s  %s\n' target executions coverage features result
    for target in "$@"; do
        local result=ok
        if [ "$(cat "$folder/$target.status")" -ne 0 ]; then
            result=FAILED
            failed+=("$target")
        fi
        printf '%-12s %12s %10s %10s  %s\n' "$target" "$(last_number "$target" 'stat::number_of_executed_units:')" \
            "$(last_number "$target" 'cov:')" "$(last_number "$target" 'ft:')" "$result"
    done
    for target in "${failed[@]}"; do
        say "=== $target: the end of $folder/$target.log"
        tail -n 40 "$folder/$target.log"
    done
    [ ${#failed[@]} -eq 0 ]
}

[[ ${1-} =~ ^[0-9]+$ ]] || usage
seconds=$1
targets=("${@:2}")
[ ${#targets[@]} -gt 0 ] || targets=("${all[@]}")
for target in "${targets[@]}"; do [[ " ${all[*]} " == *" $target "* ]] || usage; done

build "${targets[@]}"
base=/dev/shm  # a file in memory takes less time than one on a disk
[ -w "$base" ] || base=${TMPDIR-/tmp}
TMPDIR=$(mktemp -d "$base/lockstep-fuzz-XXXXXX")
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT
export ASAN_OPTIONS=quarantine_size_mb=16:malloc_context_size=5
export LSAN_OPTIONS=suppressions=$PWD/.ci/lsan.supp:print_suppressions=0  # what HDF5 itself loses
export UBSAN_OPTIONS=print_stacktrace=1
export OPENBLAS_NUM_THREADS=1
printf '%s\n' "${targets[@]}" | xargs -P 2 -I TARGET bash -c 'fuzz "$@"' fuzz "$seconds" TARGET
report "${targets[@]}"
