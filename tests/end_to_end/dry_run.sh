#!/usr/bin/env bash
# --dry-run says what a run takes: within a factor of 3 of the time that it then takes, within a half of the size of its store; it
# leaves nothing behind and finds what the run would refuse. Usage: dry_run.sh TITRANT MPIEXEC
set -uo pipefail
# shellcheck source=tests/end_to_end/prologue.bash
source "$(dirname "$0")/prologue.bash"

show() { cat said; }

# Some seconds of work, most of it in stages of which a piece is run.
cat >small.yaml <<'END'
pk: {structure: one_compartment, starts: 1}
pd: {structure: none}
training: {on: trial, steps: 1500, replicates: 2}
classifier: {compare: []}
cohort: {size: 1500}
uncertainty: {source: parameters, replicates: 24, cohort: 200, steps: 20}
diagnostics: {simulations: 20}
output: {report: false}
END
"$mpiexec" -n 2 "$titrant" run --config small.yaml --output run.h5 --dry-run >said 2>progress || fail_now "exit code $?"
left=$(find . -mindepth 1 ! -name said ! -name progress ! -name small.yaml)
[[ -z $left ]] || fail_now "something was written: $left"
grep -q $'\033' said && fail_now "escape codes in a file" # mpiexec gives its ranks a terminal of its own
for text in "Configuration and data can be used" "populations  base, heavy, no_comed" "80 doses" "90 %, 75 %" "24 answers" "run.h5 can be written" \
  "virtual subjects" "Nothing was written"; do
  grep -qF -- "$text" said || fail_now "does not say '$text'"
done
predicted() { sed -n 's/^About .* on 2 ranks (\(.*\) core-seconds)$/\1/p' said; }
predicted=$(predicted)
size=$(sed -n 's/^Store about \([^ ]*\) MB.*/\1/p' said)
grep -qE '^Store about .*; [0-9.]+ [MGT]B are free there$' said || fail_now "the free space is no readable size: $(grep '^Store' said)"
memory=$(sed -n 's/^Memory about \([^ ]*\) MB a rank$/\1/p' said)

# Times of one run only: the machine may have become busy between the two, so a bad prediction is made once more.
for attempt in 1 2 3; do
  begin=$(date +%s.%N)
  "$mpiexec" -n 2 "$titrant" run --config small.yaml --output run.h5 --quiet --force >said 2>&1 || fail_now "exit code $?"
  end=$(date +%s.%N)
  ! python3 - "$predicted" "$begin" "$end" "$size" "$memory" <<'PYTHON' || break
import os, sys
predicted, begin, end, size, memory = map(float, sys.argv[1:])
taken, real = 2 * (end - begin), os.path.getsize("run.h5") / 1e6
print(f"core-seconds: predicted {predicted:.3g}, taken {taken:.3g}; store: predicted {size:.3g} MB, is {real:.3g} MB; memory {memory:.3g} MB")
sys.exit(not (taken / 3 < predicted < taken * 3 and real / 1.5 < size < real * 1.5 and 10 < memory < 1000))
PYTHON
  ((attempt < 3)) || fail_now "predicted badly"
  "$mpiexec" -n 2 "$titrant" run --config small.yaml --output again.h5 --dry-run >said 2>progress || fail_now "exit code $?"
  predicted=$(predicted)
done

# What a run would refuse.
refuses() { # text, arguments
  local text=$1 status=0
  shift
  timeout "$bound" "$titrant" "$@" --dry-run >said 2>&1 || status=$?
  ((status == 2)) || fail_now "exit code $status, expected 2: $*"
  grep -qF -- "$text" said || fail_now "no '$text' from: $*"
}
refuses "exists already" run --config small.yaml --output run.h5
refuses "create it first" run --config small.yaml --output absent/run.h5
refuses "absent.csv" run --config small.yaml --set data.file=absent.csv
refuses "did you mean 'size'" fit --config small.yaml --set cohort.sise=3

# A forgotten name of the store must not start the run.
refuses "write --output=./--dry-run" run --config small.yaml --output

# Other commands have fewer stages; without an output there is no store.
"$titrant" fit --config small.yaml --dry-run >said 2>&1 || fail_now "exit code $?"
grep -q "No store" said || fail_now "no word of the store"
! grep -q "^  search" said || fail_now "fit does not search"
echo "a dry run says what a run takes"
