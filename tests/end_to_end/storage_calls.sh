#!/usr/bin/env bash
# Eight ranks write a store in about as many writes as one. Usage: storage_calls.sh TITRANT MPIEXEC
set -euo pipefail
# shellcheck source=tests/end_to_end/prologue.bash
source "$(dirname "$0")/prologue.bash"
strace -qq -e trace=none true 2>/dev/null || { echo "strace is not installed, or may not trace here" && exit 77; }

small=(--set cohort.size=70 --set training.steps=3 --set pk.starts=1
       --set 'regimens={daily: {interval: 24, doses: {from: 0.5, to: 40, step: 4}}, weekly: {interval: 168, doses: {from: 5, to: 300, step: 40}}}'
       --set pk.structure=one_compartment --set pd.structure=none --set training.on=trial
       --set uncertainty.source=none --set diagnostics.simulations=12 --quiet --no-report)

# The calls that write to the store while it is open in MPI-IO, or open it.
calls() { # ranks, system calls
  grep -hE "\.titrant\.partial" "$1".trace.* | grep -cE "^($2)\(" || true
}

for ranks in 1 8; do
  "$mpiexec" -n "$ranks" strace -ff -y -qq -e trace=pwrite64,pwritev,write,writev,openat -o "$ranks.trace" \
    "$titrant" run "${small[@]}" --output "$ranks.h5"
done
one=$(calls 1 'pwrite64|pwritev|write|writev')
eight=$(calls 8 'pwrite64|pwritev|write|writev')
datasets=$(h5ls -r 8.h5 | grep -c ' Dataset ')
opens=$(calls 8 openat)
single=$(calls 1 openat)
echo "$datasets datasets; writes: $one of one rank, $eight of eight; opens: $single and $opens"
((one > 0 && opens > 0)) || fail_now "the trace does not show the store"
((eight < datasets)) || fail_now "more writes than datasets"
((opens <= 8 * single)) || fail_now "each of eight ranks opens the store more often than one alone"
