#!/bin/bash
# session_end_test.sh MPIEXEC PROGRAM: how jobs end. PROGRAM is endless_program.
set -uo pipefail
mpiexec=$1 program=$2
output=$(mktemp)
trap 'rm -f "$output"' EXIT
failures=0

expect() {  # WHAT ACTUAL PATTERN
    [[ $2 =~ $3 ]] && return
    echo "FAILED: $1: expected /$3/, got: $2"
    failures=$((failures + 1))
}

# One rank is killed: the job must end soon, with an error that names the rank.
for victim in 0 1; do
    "$mpiexec" --oversubscribe -n 2 "$program" loop >"$output" 2>&1 &
    job=$!
    for ((tries = 0; tries < 300; ++tries)); do
        [ "$(grep -c 'is process' "$output")" = 2 ] && break
        sleep 0.1
    done
    sleep 0.5
    kill -9 "$(sed -n "s/.*rank $victim is process \([0-9]*\).*/\1/p" "$output")"
    started=$SECONDS
    wait "$job"
    code=$?
    expect "seconds from the death of rank $victim to the end" $((SECONDS - started)) '^[0-9]$'
    expect "exit code after the death of rank $victim" $code '^[1-9]'
    last_words="rank $victim on [^ ]+ \(process [0-9]+\) died in epoch 2, step [0-9]+, while it did: forward"
    expect "message" "$(cat "$output")" "$last_words"
done

# One rank aborts: its message and its code, and nobody mourns.
for speaker in 0 1; do
    timeout 30 "$mpiexec" --oversubscribe -n 2 "$program" abort $speaker >"$output" 2>&1
    expect "exit code when rank $speaker aborts" $? '^4$'
    expect "message" "$(cat "$output")" 'the loss is NaN'
    expect "who died when rank $speaker aborts" "$(grep -c ' died ' "$output")" '^0$'
done

# Two programs side by side, each a world of its own: refused.
OMPI_COMM_WORLD_SIZE=2 OMPI_COMM_WORLD_RANK=1 timeout 30 "$program" loop >"$output" 2>&1
expect "exit code of a program started beside another" $? '^2$'
expect "message" "$(cat "$output")" 'the launcher started 2 processes, but MPI sees one'

if ((failures)); then cat "$output"; fi
exit $((failures > 0))
