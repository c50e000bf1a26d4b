#!/usr/bin/env bash
# Eight ranks write a store in about as many writes as one. Usage: storage_calls.sh TITRANT MPIEXEC
set -euo pipefail
titrant=$1
mpiexec=$2
strace -qq -e trace=none true 2>/dev/null || { echo "strace is not installed, or may not trace here" && exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

small=(--set cohort.size=70 --set training.steps=3 --set pk.starts=1
       --set 'regimens={daily: {interval: 24, doses: {from: 0.5, to: 40, step: 4}}, weekly: {interval: 168, doses: {from: 5, to: 300, step: 40}}}'
       --set pk.structure=one_compartment --set pd.structure=none --set training.on=trial
       --set uncertainty.source=none --set diagnostics.simulations=12 --quiet --no-report)

# The calls that write to the store while it is open in MPI-IO, or open it.
calls() { # ranks, system calls
  grep -hE "\.titrant\.partial" "$folder/$1".trace.* | grep -cE "^($2)\(" || true
}

for ranks in 1 8; do
  "$mpiexec" -n "$ranks" strace -ff -y -qq -e trace=pwrite64,pwritev,write,writev,openat -o "$folder/$ranks.trace" \
    "$titrant" run "${small[@]}" --output "$folder/$ranks.h5"
done
one=$(calls 1 'pwrite64|pwritev|write|writev')
eight=$(calls 8 'pwrite64|pwritev|write|writev')
datasets=$(h5ls -r "$folder/8.h5" | grep -c ' Dataset ')
opens=$(calls 8 openat)
single=$(calls 1 openat)
echo "$datasets datasets; writes: $one of one rank, $eight of eight; opens: $single and $opens"
((one > 0 && opens > 0)) || { echo "FAILED: the trace does not show the store" && exit 1; }
((eight < datasets)) || { echo "FAILED: more writes than datasets" && exit 1; }
((opens <= 8 * single)) || { echo "FAILED: each of eight ranks opens the store more often than one alone" && exit 1; }
