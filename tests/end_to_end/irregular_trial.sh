#!/usr/bin/env bash
# A trial with every irregularity of ordinary files at once, through run, stop, resume and report: its doses are those of the
# same trial cleaned by hand (irregular_trial.py says what differs), and what was left out is said.
# Usage: irregular_trial.sh TITRANT MPIEXEC SOURCE
set -uo pipefail
# shellcheck source=tests/end_to_end/prologue.bash
source "$(dirname "$0")/prologue.bash"
command -v "$python" >/dev/null || exit 77

"$titrant" simulate --subjects 6 --set seed=11 --output simulated.csv >/dev/null || fail_now "simulate"
"$python" "$source/tests/end_to_end/irregular_trial.py" simulated.csv irregular.csv clean.csv || fail_now "the two files"

cat >base.yaml <<'END'
pk: {structure: one_compartment, error: proportional, starts: 1}
pd: {structure: turnover_inhibition, starts: 1, search: {enabled: false, variability: false}}
endpoints:
  control: {of: biomarker, values: measured, hours: [480, 504], below: 3.3}
  course: {of: biomarker, values: latent, hours: [480, 504], below: 3.3}
classifier: {compare: [logistic]}
training: {on: [virtual, trial], subjects: 200, steps: 10, folds: 2, virtual: {steps: 20}}
populations: {base: {weight: {uniform: [50, 100]}, comed: {share: 0.5}}}
cohort: {size: 300}
regimens: {daily: {interval: 24, doses: {from: 0.5, to: 40, step: 1}}, weekly: {interval: 168, doses: {from: 5, to: 300, step: 10}}}
targets: [0.5, 0.9]
uncertainty: {source: none}
diagnostics: {simulations: 0}
END
{ cat base.yaml && echo "data: {file: clean.csv}"; } >clean.yaml
{
  grep -v '^classifier' base.yaml
  cat <<'END'
classifier: {compare: [logistic], reference_concentration: 0.003}
data:
  file: irregular.csv
  units: {concentration: ug/mL, time: day}
  concentration_dvid: cp
  biomarker_dvid: marker
  ignore: ["FLAG == 1"]
END
} >irregular.yaml

"$titrant" check --config clean.yaml >clean.txt || fail_now "check refused the clean trial"
"$titrant" check --config irregular.yaml >irregular.txt || fail_now "check refused the irregular trial"
"$titrant" run --config clean.yaml --output clean.h5 --quiet --no-report || fail_now "run of the clean trial"
"$titrant" run --config irregular.yaml --output irregular.h5 --quiet --no-report --max-hours 0.0003 --checkpoint-every 0
code=$?
[ "$code" -eq 75 ] || [ "$code" -eq 0 ] || fail_now "run of the irregular trial ended with $code"
if [ "$code" -eq 75 ]; then
  [ ! -e irregular.h5 ] || fail_now "a stopped run left a store"
  "$titrant" resume irregular.h5 --quiet --no-report || fail_now "resume"
fi
"$titrant" inspect clean.h5 --json >clean.json || fail_now "inspect"
"$titrant" inspect irregular.h5 --json >irregular.json || fail_now "inspect"

"$python" - <<'END' || fail_now "the answers differ"
import json
import sys

clean, irregular = (json.load(open(name)) for name in ("clean.json", "irregular.json"))
faults = []
doses = 0
if len(clean["answers"]) != len(irregular["answers"]):
    faults.append("not as many answers")
for ours, theirs in zip(clean["answers"], irregular["answers"]):
    names = ("population", "regimen", "endpoint", "target", "method", "rule")
    if any(ours[name] != theirs[name] for name in names):
        faults.append(f"another question: {ours} {theirs}")
    if ours["dose"] != theirs["dose"]:
        faults.append(f"{ours['method']} {ours['endpoint']} {ours['regimen']} {ours['target']}: "
                      f"{ours['dose']} mg clean, {theirs['dose']} mg irregular")
    doses += ours["dose"] is not None
if doses < 8:
    faults.append(f"only {doses} of {len(clean['answers'])} answers are doses: the comparison says little")
print("\n".join(faults))
sys.exit(bool(faults))
END

if python_has "h5py, matplotlib, jinja2"; then
  TITRANT_ANALYSIS=$source/tools/titrant_analysis "$titrant" report irregular.h5 >/dev/null || fail_now "report"
  [ -s irregular.html ] || fail_now "no report was written"
fi
echo "the same doses from both"
