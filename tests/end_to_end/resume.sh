#!/usr/bin/env bash
# Runs that are stopped by signals or by the clock go on to the same bits on other numbers of ranks; what cannot go on is refused.
# Usage: resume.sh TITRANT MPIEXEC
set -uo pipefail
# shellcheck source=tests/end_to_end/prologue.bash
source "$(dirname "$0")/prologue.bash"
bound=120

same() {
  same_stores undisturbed.h5 "$1" >difference || fail "$1 differs: $(head -n 5 difference)"
  ! compgen -G "$1.checkpoint*" >/dev/null || fail "a checkpoint of $1 is left"
}

# Fits, shots, trainings shared by ranks, bootstrap replicates: some seconds.
"$titrant" simulate --output trial.csv >/dev/null || fail "simulate"
cat >run.yaml <<'END'
seed: 7
data: {file: trial.csv}
pk: {structure: one_compartment, starts: 1}
pd: {structure: none}
training: {on: trial, steps: 150}
quantum: {backend: sampled, gradient: parameter_shift}
classifier: {compare: [logistic]}
cohort: {size: 70}
regimens: {daily: {interval: 24, doses: {from: 0.5, to: 40, step: 4}}, weekly: {interval: 168, doses: {from: 5, to: 300, step: 40}}}
endpoints: {control: {of: biomarker, values: measured, hours: [480, 504], below: 3.3}}
populations: {base: {weight: {uniform: [50, 100]}, comed: {share: 0.5}}, heavy: {weight: {uniform: [70, 140]}, comed: {share: 0.5}}, no_comed: {weight: {uniform: [50, 100]}, comed: {share: 0}}}
uncertainty: {source: bootstrap, replicates: 6, cohort: 50, steps: 40}
diagnostics: {simulations: 12}
output: {report: false}
END
start_run() { # ranks, store
  start "$1" "$titrant" run --config run.yaml --output "$2" --quiet --checkpoint-every 0
}

"$mpiexec" -n 2 "$titrant" run --config run.yaml --output undisturbed.h5 --quiet || exit 1

# 1. Signals, each to all ranks or to one, and on with another number of ranks.
ranks=3
for signal in USR1 TERM INT; do
  start_run "$ranks" "$signal.h5"
  wait_for "$signal.h5.checkpoint" || fail "no checkpoint before $signal"
  sleep 0.5
  if [ "$signal" = USR1 ]; then
    ranks_of "$signal.h5" | sed -n 1p | xargs kill -s "$signal"
  else
    ranks_of "$signal.h5" | xargs kill -s "$signal"
  fi
  wait "$launcher"
  code=$?
  [ "$code" -eq 75 ] || fail "exit code $code after $signal: $(cat log)"
  grep -q "titrant resume $signal.h5" log || fail "no word on how to go on after $signal"
  [ ! -e "$signal.h5" ] || fail "a store after $signal"
  ranks=$((ranks % 4 + 1))
  expect 0 "Going on from a checkpoint" "$mpiexec" -n "$ranks" "$titrant" resume "$signal.h5"
  same "$signal.h5"
done
echo "INT, TERM and USR1: exit code 75, and the same bits after resume"

# A signal while ranks still find each other waits until it can be obeyed.
start_run 1 early.h5
# From the moment on at which it catches USR1, which is the tenth bit.
until rank=$(ranks_of early.h5) && caught=$(sed -n 's/^SigCgt:\s*//p' "/proc/$rank/status") && ((0x0$caught & 0x200)); do
  kill -0 "$launcher" || break
done
kill -s USR1 "$rank"
wait "$launcher"
code=$?
[ "$code" -eq 75 ] || fail "exit code $code after an early signal: $(cat log)"
expect 0 "" "$titrant" resume early.h5
same early.h5
echo "a signal in the first moment: the same"

# 2. A second signal ends a rank that waits for another which does not answer any more.
start_run 2 twice.h5
wait_for twice.h5.checkpoint || fail "no checkpoint before the second signal"
mapfile -t both < <(ranks_of twice.h5)
kill -s STOP "${both[1]}"
kill -s USR1 "${both[0]}"
sleep 2.5
kill -0 "${both[0]}" 2>/dev/null || fail "one signal ended a rank that had to wait for the other"
kill -s USR1 "${both[0]}"
wait "$launcher"
code=$?
kill -s KILL "${both[1]}" 2>/dev/null
[ "$code" -eq 75 ] || fail "exit code $code after the second signal: $(cat log)"
expect 0 "Going on" "$titrant" resume twice.h5
same twice.h5
echo "a second signal ends at once, and the checkpoint counts"

# 3. Little time at once: as many starts as it takes.
starts=1
timeout "$bound" "$titrant" run --config run.yaml --output slices.h5 --quiet --max-hours 0.0006 >log 2>&1
code=$?
while [ "$code" -eq 75 ] && [ "$starts" -lt 60 ]; do
  starts=$((starts + 1))
  timeout "$bound" "$mpiexec" -n $((starts % 3 + 1)) "$titrant" resume slices.h5 --quiet --max-hours 0.0006 >log 2>&1
  code=$?
done
[ "$code" -eq 0 ] || fail "exit code $code after $starts starts: $(cat log)"
[ "$starts" -gt 1 ] || fail "the time was not over once"
same slices.h5
echo "slices of two seconds: $starts starts to the same bits"

# 4. What is refused.
start_run 2 other.h5
wait_for other.h5.checkpoint.previous || fail "no previous checkpoint"
ranks_of other.h5 | xargs kill -s KILL
wait "$launcher"
expect 2 "seed: 7 in the checkpoint, 5 now" "$titrant" resume other.h5 --set seed=5
expect 2 "seed: 7 in the checkpoint, 5 now" "$titrant" resume other.h5 --set seed=5 --accept-changes
expect 2 "can go on: titrant resume other.h5" "$titrant" run --config run.yaml --output other.h5
echo >>trial.csv
expect 2 "SHA-256 of the data" "$titrant" resume other.h5
truncate --size=-1 trial.csv
printf 'x' | dd of=other.h5.checkpoint bs=1 seek=1000 conv=notrunc status=none
expect 0 "WARNING: .*damaged.*going on from the one before" "$titrant" resume other.h5 --set output.trajectories=all
same other.h5
expect 0 "is complete; nothing is left to do" "$mpiexec" -n 2 "$titrant" resume other.h5
expect 2 "neither a checkpoint nor a store" "$mpiexec" -n 2 "$titrant" resume absent.h5
echo "changed settings and data, damaged checkpoints, names without a run"
echo "nonsense" >torn.h5.checkpoint
expect 2 "torn.h5.checkpoint: is no checkpoint" "$titrant" resume torn.h5
expect 0 "" "$titrant" fit --config run.yaml --output torn.h5 --force
[ ! -e torn.h5.checkpoint ] || fail "--force did not begin anew"

if compgen -G ".*.partial" >/dev/null; then fail "left behind: $(ls -A)"; fi
exit_if_failed
