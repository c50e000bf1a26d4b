#!/usr/bin/env bash
# How the program speaks: colour and lines that grow in place on terminals only, as NO_COLOR, TERM and --color say; time and rank on request;
# a sign of life every ten seconds. Usage: terminal.sh TITRANT MPIEXEC
set -uo pipefail
# shellcheck source=tests/end_to_end/prologue.bash
source "$(dirname "$0")/prologue.bash"
escape=$'\033'

show() { head -c 2000 said; }

on_terminal() { # command: what it prints on a terminal goes to said
  python3 -c 'import pty, sys; pty.spawn(sys.argv[1:])' "$@" >said 2>&1 </dev/null
}

cat >small.yaml <<'END'
pk: {structure: one_compartment, starts: 1}
pd: {structure: none}
training: {on: trial, steps: 800}
classifier: {compare: []}
cohort: {size: 40}
regimens: {daily: {interval: 24, doses: {from: 0.5, to: 40, step: 8}}, weekly: {interval: 168, doses: {from: 5, to: 300, step: 80}}}
uncertainty: {source: none}
diagnostics: {simulations: 2}
END
export TERM=xterm
unset NO_COLOR

on_terminal "$titrant" run --config absent.yaml
grep -q "${escape}\[31mtitrant:${escape}\[0m absent.yaml" said || fail "an error on a terminal is not red"
NO_COLOR=1 on_terminal "$titrant" run --config absent.yaml
grep -q "$escape" said && fail "NO_COLOR"
NO_COLOR=1 on_terminal "$titrant" run --config absent.yaml --color always
grep -q "$escape" said || fail "--color always comes before NO_COLOR"
NO_COLOR='' on_terminal "$titrant" run --config absent.yaml
grep -q "$escape" said || fail "an empty NO_COLOR is none"
on_terminal "$titrant" run --config absent.yaml --color never
grep -q "$escape" said && fail "--color never"
TERM=dumb on_terminal "$titrant" fit --config small.yaml
grep -q "$escape" said && fail "TERM=dumb"
"$titrant" run --config absent.yaml >said 2>&1
grep -q "$escape" said && fail "colour in a file"
"$titrant" check --color always >said
grep -q "${escape}\[32mConfiguration and data can be used" said || fail "a good verdict is not green"

# Lines grow in place, with the place of the stage; elsewhere they are plain.
on_terminal "$titrant" train --config small.yaml --set training.steps=10000
grep -qF "Training (stage 4 of 4): " said || fail "no place of the stage"
grep -qE "of 10000 steps of a training \([0-9.e+]+ per second, [0-9.]+ s left\)" said || fail "no rate and remaining time"
"$titrant" train --config small.yaml >/dev/null 2>said
grep -qE "$escape|"$'\r' said && fail "escape codes in a file"

# Time and rank, on every line of standard error: of a run, of one that goes on, and of a member.
all_stamped() {
  local stamp="^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z rank [0-9]+: "
  if [[ ! -s said ]] || grep -vqE "$stamp" said; then fail "lines without time and rank: $1"; fi
}
"$mpiexec" -n 2 "$titrant" run --config small.yaml --no-report --output run.h5 --log-format full >/dev/null 2>said
all_stamped run
on_terminal "$titrant" run --config small.yaml --log-format full --no-report
grep -q $'\033\[K' said && fail "stamped lines do not grow in place"
"$titrant" run --config small.yaml --no-report --output stopped.h5 --set training.steps=60000 --max-hours 0.0005 --log-format full >/dev/null 2>said
(($? == 75)) || fail "was not stopped"
all_stamped "a run that stops"
"$titrant" resume stopped.h5 --max-hours 0.0005 --log-format full >/dev/null 2>said
all_stamped resume
"$titrant" campaign plan --config small.yaml --folder campaign --seeds 1-2 --no-timing >/dev/null
"$titrant" campaign run --folder campaign --member 1 --log-format full >/dev/null 2>said
all_stamped "campaign run"
"$titrant" run --config absent.yaml --log-format full 2>said
all_stamped "an error"

# The search of biomarker models knows no number of units; it still says that it goes on.
"$titrant" fit --set pk.structure=one_compartment --set pd.search.enabled=true >/dev/null 2>said &
search=$!
for ((i = 0; i < 1200; ++i)); do
  ! grep -qE "^Biomarker model(:| .*so far)" said || break
  sleep 0.1
done
kill "$search" 2>/dev/null
wait "$search"
grep -qE "^Biomarker model \(stage 3 of 4\): 1[0-9](\.[0-9]+)? s so far|^Biomarker model: .* \([0-9]\.[0-9] s\)" said ||
  fail "ten seconds without a word"

exit_if_failed
echo "speaks as it is asked to"
