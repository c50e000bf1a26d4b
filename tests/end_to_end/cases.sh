#!/usr/bin/env bash
# Small inputs that once gave a wrong answer without a word, or were refused where they should not have been: each gives the right answer,
# or an error (exit code 2, nothing written) that names place and remedy. Exit code 77 (skipped) without them.
# Usage: cases.sh TITRANT MPIEXEC SOURCE_FOLDER [PATTERN]   (rows whose name matches PATTERN alone)
# shellcheck disable=SC2317 # functions that `row` calls
set -uo pipefail
# shellcheck source=tests/end_to_end/prologue.bash
source "$(dirname "$0")/prologue.bash"
only=${4:-}
cases=$external_data/../cases
[ -d "$cases/data" ] || skip "the cases are not at \$TITRANT_DATA/../cases"
cases=$(cd "$cases" && pwd)
estdata=$(cd "$cases/../data/estdata" && pwd)/EstData.csv
bound=120
pk_only=(--set pd.structure=none --set pk.structure=one_compartment --set pk.starts=1)

# row NAME FUNCTION ARGUMENTS...: the function says in `why` what is wrong.
row() {
  local name=$1
  shift
  [[ $name =~ $only ]] || return 0
  : >why
  if "$@"; then
    echo "$name"
  else
    fail "$name: $(head -c 600 why)"
  fi
}

# refuses PATTERN ARGUMENTS...: exit code 2, a line like PATTERN, nothing written.
refuses() {
  local pattern=$1
  shift
  rm -f ./*.h5
  timeout "$bound" "$titrant" "$@" >out 2>err
  local got=$?
  if [ "$got" -ne 2 ] || ! grep -qE -- "$pattern" err || compgen -G '*.h5' >/dev/null; then
    echo "exit code $got, expected 2 and '$pattern': $(cat out err)" >why
    return 1
  fi
}

# says PATTERN ARGUMENTS...: exit code 0, and somewhere a line like PATTERN.
says() {
  local pattern=$1
  shift
  timeout "$bound" "$titrant" "$@" >out 2>err
  local got=$?
  if [ "$got" -ne 0 ] || ! grep -qE -- "$pattern" out err; then
    echo "exit code $got, expected 0 and '$pattern': $(tail -n 20 out err)" >why
    return 1
  fi
}

# fit NAME FILE SETTINGS...: NAME.json has what a fit of the concentrations finds.
fit() {
  local name=$1 file=$2
  shift 2
  timeout "$bound" "$titrant" fit "${pk_only[@]}" --set data.file="$file" "$@" --output "$name.h5" --force --quiet >out 2>err
  local got=$?
  [ "$got" -eq 0 ] || {
    echo "fit of $file: exit code $got: $(cat err)" >why
    return 1
  }
  "$titrant" inspect "$name.h5" --json >"$name.json"
}

# found EXPRESSION NAMES...: in Python, where x is what the fit NAME found: x.objective, x.clearance, ..., x.subjects.
found() {
  local expression=$1
  shift
  "${PYTHON:-python3}" - "$expression" "$@" >why <<'PYTHON'
import json, sys, types
def near(a, b, ratio): return abs(a - b) <= ratio * abs(b)
names = {}
for name in sys.argv[2:]:
    found = json.load(open(f"{name}.json"))
    fit = found["fits"][0]
    values = {one["name"]: one["estimate"] for one in fit["parameters"]}
    names[name] = types.SimpleNamespace(objective=fit["objective"], subjects=found["subjects"], **values)
if not eval(sys.argv[1], {"near": near, **names}):
    print(sys.argv[1], "is not so:", names)
    sys.exit(1)
PYTHON
}

# The fit of FILE against that of another file, by EXPRESSION of `a` (FILE) and `b`.
same_fit() { # FILE OTHER EXPRESSION
  fit a "$1" && fit b "$2" && found "$3" a b
}
fitted() { # FILE EXPRESSION SETTINGS...
  local file=$1 expression=$2
  shift 2
  fit a "$file" "$@" && found "$expression" a
}

# Held-out log-loss of training on a trial's own subjects, by which exposure that is read wrongly shows.
log_loss() { # NAME FILE
  timeout "$bound" "$titrant" evaluate "${pk_only[@]}" --set training.on=trial --set training.steps=60 --set classifier.compare='[]' \
    --set 'regimens={daily: {interval: 24, doses: {from: 0.5, to: 40, step: 0.5}}}' \
    --set 'endpoints={control: {of: biomarker, values: measured, hours: [480, 504], below: 3.3}}' --set data.file="$2" --output "$1.h5" --force --quiet >out 2>err || {
    echo "evaluate $2: $(cat err)" >why
    return 1
  }
  "$titrant" inspect "$1.h5" --json >"$1.json"
}
same_log_loss() { # FILE OTHER TOLERANCE
  log_loss a "$1" && log_loss b "$2" && "${PYTHON:-python3}" - "$3" >why <<'PYTHON'
import json, sys
a, b = (json.load(open(name))["cross_validation"][0]["log_loss"] for name in ("a.json", "b.json"))
print(f"log-loss {a} and {b}")
sys.exit(abs(a - b) > float(sys.argv[1]))
PYTHON
}

# One subject tells nothing of variability: a fit that says no number of it, or an error that says why.
one_subject() { # FILE
  timeout "$bound" "$titrant" fit "${pk_only[@]}" --set data.file="$1" >out 2>err
  local got=$?
  if [ "$got" -eq 2 ] && grep -qiE 'one subject|subjects' err; then return 0; fi
  if [ "$got" -ne 0 ] || grep -qi 'nan' out; then
    echo "exit code $got: $(cat out err)" >why
    return 1
  fi
}

# --- YAML ---------------------------------------------------------------------------------------------------------------------------
row "y01: whole numbers with a leading zero" refuses "y01_octal.yaml:1:7: seed: .*'010'.*write 10" run --config "$cases/yaml/y01_octal.yaml" --output x.h5
printf 'populations:\n  adult: {weight: {uniform: [50, 90]}, comed: {share: 0.1}}\n  adult: {weight: {uniform: [60, 120]}}\n' >y03_twice.yaml
row "y03: a population given twice" refuses "y03_twice.yaml:3:3: populations.adult: is given twice; the first time in line 2" \
  run --config y03_twice.yaml --output x.h5
row "y03: keys of earlier versions" refuses "y03_dup_scenario.yaml:.*scenarios: is a key of earlier versions; write populations: " \
  run --config "$cases/yaml/y03_dup_scenario.yaml" --output x.h5
row "y07: a second document" refuses "y07_two_documents.yaml:2:1: a second document" run --config "$cases/yaml/y07_two_documents.yaml" --output x.h5

# --- circuits and devices -----------------------------------------------------------------------------------------------------------
qasm=$cases/qasm device=$cases/device
every_qubit() { says '^01 +1$' circuit run "$qasm/silent_zero_no_measure.qasm" --measure-all; }
row "no measurement: refused" refuses "silent_zero_no_measure.qasm: measures nothing.*--measure-all" circuit run "$qasm/silent_zero_no_measure.qasm"
row "no measurement: --measure-all" every_qubit
row "qubits of a device" says '^01 +0.5$' circuit run "$qasm/phys.qasm"
row "a pragma" says "pragma braket result state_vector' is ignored" circuit run "$qasm/pragma.qasm"
row "delay" says 'delays leave no operation' circuit run "$qasm/delay.qasm"
row "iswap" says '^00 +1$' circuit run "$qasm/iswap.qasm"
row "an input" says '^01 +0.25$' circuit run "$qasm/input.qasm" --input theta=1.0471975511965976
row "an input without a value" refuses "input.qasm:3:17: the input 'theta' has no value: give it by --input theta=VALUE" circuit run "$qasm/input.qasm"
row "a loop" says '^11 +0.25$' circuit run "$qasm/for.qasm"
row "a switch" says '^01 +0.5$' circuit run "$qasm/switch.qasm"
printf 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\ncreg c[2];\nh q[0];\ncx q[0], q[1];\nmeasure q -> c;\n' >bell.qasm
row "p02: one qubit without T1" says 'left out: qubit 2 \(no T1\)' circuit route bell.qasm --device "$device/p02_no_t1.json"
row "p04: a coupling that is not operational" says 'left out: coupling 1-2 \(not operational\)' circuit route bell.qasm --device "$device/p04_edge_not_operational.json"
row "p10: no qubit has a T1" refuses 'no qubit can be used: qubit 0 \(no T1\)' circuit route bell.qasm --device "$device/p10_t1_null.json"
row "p07: a cz device" says 'on made_up +1 gates on two qubits' circuit route bell.qasm --device "$device/p07_cz.json"

# --- trials: records and columns ----------------------------------------------------------------------------------------------------
data=$cases/data
estdata_found='near(a.clearance, b.clearance, 0.02) and near(a.volume, b.volume, 0.02) and near(a.absorption_rate, b.absorption_rate, 0.02)'
same_as_without() { # FILE OTHER EXPRESSION
  fit a "$1" --set pk.structure=two_compartment && fit b "$2" --set pk.structure=two_compartment && found "$3" a b
}
row "a small value before the first dose" same_as_without "$data/EstData_predose.csv" "$estdata" "$estdata_found and a.objective <= -3125.0"
row "d01: a trough listed before a dose of its time" same_fit "$data/d01_trough_before_reset.csv" "$data/d01_reference_reset_1s_later.csv" \
  'near(a.volume, 143.6, 0.01) and near(a.absorption_rate, 0.81, 0.02) and near(a.clearance, b.clearance, 1e-3)'
row "d02: time starts anew" fitted "$data/d02_time_restarts.csv" 'a.clearance > 0'
row "evid4: time starts anew" says 'subject' check --for fit "${pk_only[@]}" --set data.file="$data/evid4_restart.csv"
row "d08: values that a proportional error cannot have are left out and named" says '12 concentrations left out.*subject 1 at 0 h' fit "${pk_only[@]}" \
  --set pk.error=proportional --set data.file="$data/d08_dv3_before.csv"
row "d10: a value of 0 marked as censored, without a limit" refuses 'subject 1 at 36 h: a censored concentration needs a limit of quantification above 0 .column LLOQ' check --for fit "${pk_only[@]}" --set data.file="$data/d10_cens_dv0_nocol.csv"
row "d11: 1 and 1.0 are one subject" fitted "$data/d11_id_1_and_1.0.csv" 'a.subjects == len({float(l.split(",")[0]) for l in list(open("'"$data/d11_id_1_and_1.0.csv"'"))[1:]})'
row "d12: a subject with doses only" says 'Left out: 1 subject .13. without observations' check --for fit "${pk_only[@]}" --set data.file="$data/d12_dose_only.csv"
row "d13: one subject" one_subject "$data/d13_one_subject.csv"
row "d17: observations told apart by CMT" refuses 'CMT' check --for fit "${pk_only[@]}" --set data.file="$data/d17_cmt_coded.csv"
row "d19: NA is missing" fitted "$data/d19_na.csv" 'a.clearance > 0'
row "d24: two tablets at one time" fitted "$data/d24_two_tablets.csv" 'a.clearance > 0'
row "two equal doses at one time" says 'subject' check --for fit "${pk_only[@]}" --set data.file="$data/same_dose_twice.csv"
row "negative times before the first dose" says 'subject' check --for fit "${pk_only[@]}" --set data.file="$data/negative_time.csv"
row "body weight changes" says 'subject' check --for fit "${pk_only[@]}" --set data.file="$data/tv_weight.csv"
row "no co-medication" says 'clearance' fit "${pk_only[@]}" --set data.file="$data/no_comed.csv"
row "d40: infusions by DUR" fitted "$data/d40_infusion_by_dur.csv" 'a.clearance > 0 and a.absorption_rate > 0'
row "d41: doses into the central compartment" fitted "$data/d41_iv_and_oral_by_cmt.csv" 'a.clearance > 0 and a.absorption_rate > 0'
row "boluses into CMT 2" says 'can be used' check --for fit "${pk_only[@]}" --set data.file="$data/iv_bolus_cmt2.csv" --set 'data.columns={value: cp}'

# --- trials: the exposure that belongs to an outcome --------------------------------------------------------------------------------
row "d61: one dose 10 h late" same_log_loss "$data/d61_one_late_dose.csv" "$estdata" 0.02
row "d64: a reset record first" same_log_loss "$data/d64_reset_first.csv" "$estdata" 0.02
row "d65: doses of 0 between" same_log_loss "$data/d65_placebo_tablets_between.csv" "$data/d65_without_them.csv" 1e-6

exit_if_failed
echo "every case gives the right answer or a clear error"
