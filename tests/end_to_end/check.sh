#!/usr/bin/env bash
# What `titrant check` refuses, `fit` and `run` refuse in their first second, with the same words, and write nothing; what it
# lets pass, they can use.
# Usage: check.sh TITRANT MPIEXEC SOURCE
set -uo pipefail
# shellcheck source=tests/end_to_end/prologue.bash
source "$(dirname "$0")/prologue.bash"

small=(--set 'pk={structure: one_compartment, starts: 1}' --set pd.structure=none
  --set 'training={on: trial, steps: 5, folds: 2}' --set 'classifier.compare=[]' --set cohort.size=20
  --set 'regimens={daily: {interval: 24, doses: {from: 0.5, to: 40, step: 8}}, weekly: {interval: 168, doses: {from: 5, to: 300, step: 80}}}'
  --set 'endpoints={control: {of: biomarker, values: measured, hours: [480, 504], below: 3.3}}' --set uncertainty.source=none --set diagnostics.simulations=0)

show() { cat check.err command.err 2>/dev/null; }

# refused COMMAND PATTERN OPTIONS...: check and command end with 2, one message, and no file
refused() {
  local command=$1 pattern=$2
  shift 2
  timeout "$bound" "$titrant" check --for "$command" "${small[@]}" "$@" >check.out 2>check.err
  [ $? -eq 2 ] || fail "check --for $command let pass: $*"
  grep -qE -- "$pattern" check.err || fail "check --for $command has no message like '$pattern': $*"
  timeout "$bound" "$titrant" "$command" --quiet "${small[@]}" "$@" --output x.h5 >command.out 2>command.err
  [ $? -eq 2 ] || fail "$command let pass: $*"
  diff check.err command.err >/dev/null || fail "check and $command differ: $*"
  if compgen -G "x.h5*" >/dev/null || compgen -G ".*.partial" >/dev/null; then
    fail "$command left something behind: $*"
    rm -f x.h5* .*.partial
  fi
}

# usable COMMAND OPTIONS...: check is content, and the command comes to its end
usable() {
  local command=$1
  shift
  timeout "$bound" "$titrant" check --for "$command" "${small[@]}" "$@" >check.out 2>check.err ||
    fail "check --for $command refused: $*"
  grep -q "can be used" check.out || fail "check --for $command did not say so: $*"
  timeout "$bound" "$titrant" "$command" --quiet "${small[@]}" "$@" --output y.h5 --force >command.out 2>command.err ||
    fail "$command refused: $*"
  rm -f y.h5* y.html
}

# A trial, and the same with faults: columns ID,BW,COMED,TIME,DV,EVID,MDV,AMT,CMT,DVID by name.
"$titrant" simulate --output trial.csv >/dev/null || exit 1
column() { head -1 trial.csv | tr ',' '\n' | grep -nx "$1" | cut -d: -f1; }
edit() { awk -F, -v OFS=, -v dvid="$(column DVID)" -v dv="$(column DV)" -v evid="$(column EVID)" -v time="$(column TIME)" \
  -v bw="$(column BW)" "NR == 1 {print; next} $1" trial.csv; }
# shellcheck disable=SC2016
{
  edit '$evid != 0 || $dvid == 1 {print}' >no_biomarker.csv
  edit '$evid != 0 || $dvid != 1 {print}' >no_concentration.csv
  edit '$evid != 0 || $dvid == 1 || $time < 480 {print}' >no_hours.csv
  edit '{$bw = 70; print}' >same_weight.csv
  edit '$evid == 0 && $dvid == 2 {$dv = 4} {print}' >constant.csv
}

refused fit "no subject has a concentration" --set data.file=no_concentration.csv
refused fit "no subject has a biomarker value" --set data.file=no_biomarker.csv --set pd.structure=auto
refused fit "all biomarker values are 4" --set data.file=constant.csv --set pd.structure=direct_inhibition
refused fit "the model has no parameter lag" --set 'pk.omega.variable=[lag]'
refused fit "did you mean clearance" --set 'pk.fixed={clearence: 3}'
refused fit "weight is 70 in all subjects" --set data.file=same_weight.csv --set 'pk.covariates={clearance: {weight: power}}'
refused run "no active subject has a value between 480 and 504 h; see endpoints.control.hours" --set data.file=no_hours.csv
refused run "both outcomes" --set data.file=trial.csv --set endpoints.control.below=0.001
refused run "training.folds is 30" --set data.file=trial.csv --set training.folds=30
refused run "a subset of 400 subjects" --set data.file=trial.csv --set 'learning.trial=[400]'
refused run "populations.giants.where" --set 'populations={giants: {from: trial, where: "weight >= 200"}}'
refused run "populations.others.comed: no subject of the trial has comed = 2, .* it has 0, 1" --set 'populations={others: {weight: 70, comed: 2}}'
printf 'weight,comed\n70,0\n75,2\n' >people.csv
refused run "populations.others.comed: .* as row 2 of its 2 from people.csv has" --set 'populations={others: {from: people.csv}}'
refused run "populations.light.weight: .* within: .LOW, HIGH. with LOW above 0" --set 'populations={light: {weight: {normal: [20, 15]}, comed: 0}}'
refused run "populations.light.weight: -5 is not above 0, and clearance depends on it" --set 'populations={light: {weight: -5, comed: 0}}'
refused run "ablation.many: training.folds is 30" --set 'ablation={many: {set: ["training.folds=30"]}}'
refused run "coverage.trials: needs a biomarker model" --set coverage.trials=2
refused run "absent.json" --set quantum.noise.device=absent.json
printf '{}\n' >empty.json
refused run "empty.json" --set quantum.noise.device=empty.json
refused run "absent.csv" --set data.file=absent.csv

usable fit --set data.file=trial.csv
usable fit --set data.file=no_hours.csv
usable fit --set data.file=same_weight.csv
usable run --set data.file=trial.csv

# Where the results would go is looked at, too.
checked() { # PATTERN OPTIONS...: check alone ends with 2 and this message
  timeout "$bound" "$titrant" check "${small[@]}" "${@:2}" >check.out 2>check.err
  [ $? -eq 2 ] || fail "check let pass: ${*:2}"
  grep -q -- "$1" check.err || fail "check has no message like '$1': ${*:2}"
}
checked "there is no folder absent" --set output.file=absent/x.h5
checked "expected run, fit, evaluate, train or search" --for simulate

# Files that once passed the check and not the fit.
cases=${TITRANT_DATA:-/nonexistent}/../cases/data
if [ -d "$cases" ]; then
  for file in d08_dv3_before d10_cens_dv0_nocol; do
    timeout "$bound" "$titrant" check --for fit "${small[@]}" --set pk.error=proportional --set "data.file=$cases/$file.csv" >check.out 2>check.err
    checked=$?
    timeout "$bound" "$titrant" fit --quiet "${small[@]}" --set pk.error=proportional --set "data.file=$cases/$file.csv" >command.out 2>command.err
    [ $? -eq "$checked" ] || fail "$file: check and fit end differently"
    diff check.err command.err >/dev/null || fail "$file: check and fit differ"
  done
fi

exit_if_failed
echo "check and the commands say the same"
