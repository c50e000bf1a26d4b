#!/usr/bin/env bash
# Bad input ends in one clear message, exit code 2 and nothing written, also on several ranks and never in a hang.
# Usage: bad_input.sh TITRANT MPIEXEC
set -uo pipefail
# shellcheck source=tests/end_to_end/prologue.bash
source "$(dirname "$0")/prologue.bash"

show() { cat err; }

# expect CODE PATTERN COMMAND...: here PATTERN is said once, on standard error, and no file is left.
expect() {
  local code=$1 pattern=$2
  shift 2
  timeout "$bound" "$@" >out 2>err
  local got=$?
  if [ "$got" -ne "$code" ]; then
    echo "FAILED (exit code $got, expected $code): $*"
    cat err
    failures=$((failures + 1))
  elif ! grep -qE -- "$pattern" err; then
    echo "FAILED (no message like '$pattern'): $*"
    cat err
    failures=$((failures + 1))
  elif [ "$(grep -cE -- "$pattern" err)" -ne 1 ]; then
    echo "FAILED (said more than once): $*"
    cat err
    failures=$((failures + 1))
  fi
  if compgen -G "*.h5" >/dev/null || compgen -G ".*.partial" >/dev/null; then
    echo "FAILED (left something behind): $*"
    ls -A
    rm -f ./*.h5 ./.*.partial
    failures=$((failures + 1))
  fi
}

header="ID,BW,COMED,TIME,DV,EVID,MDV,AMT,CMT,DVID"
printf '' >empty.csv
printf '%s\n' "$header" >header.csv
printf '%s\n1,70,0,490,5,0,0,0,3,2\n' "$header" >placebo.csv
"$titrant" simulate --subjects 2 --output trial.csv >/dev/null || failures=$((failures + 1))
printf 'seed: 1\ntraining:\n  stepz: 3\n' >unknown.yaml
printf 'a: [\n' >broken.yaml
printf 'training:\n\tsteps: 3\n' >tabs.yaml
printf 'cohort:\nsize: 5\n' >indented.yaml
touch existing.keep
# No subject of the trial ever meets this endpoint.
hopeless=(--set data.file=trial.csv --set 'regimens={daily: {interval: 24, doses: [1, 2]}}'
  --set 'endpoints={control: {of: biomarker, values: measured, hours: [480, 504], below: 0.001}}'
  --set pk.structure=one_compartment --set pd.structure=none --set training.on=trial)

expect 2 "unknown command 'rnu', did you mean 'run'" "$titrant" rnu
expect 2 "unknown option .--outptu., did you mean .--output." "$titrant" run --outptu x.h5
expect 2 "unknown command 'export', did you mean 'titrant circuit export'" "$titrant" export
expect 2 "the command comes first" "$titrant" --config unknown.yaml run
expect 2 "did you mean '--version'" "$titrant" --verison
expect 2 "did you mean --config unknown.yaml" "$titrant" run unknown.yaml
expect 2 "did you mean --set seed=5" "$titrant" run seed=5
expect 2 "'-config' needs two dashes" "$titrant" run -config unknown.yaml
expect 2 "--config needs a value: FILE.yaml" "$titrant" run --config
expect 2 "--quiet takes no value" "$titrant" run --quiet=yes
expect 2 "expected a whole number" "$titrant" circuit run bell.qasm --shots 1.5
expect 2 "circuit print: unknown option '--shots'; it is an option of titrant circuit run" "$titrant" circuit print --shots 5
expect 2 "did you mean 'route'" "$titrant" circuit ruote
expect 2 "circuit: missing action; usage: .*run.*print.*export.*route.*resources" "$titrant" circuit
expect 2 "unknown action 'sumbit'" "$titrant" campaign sumbit
expect 2 "--seeds '5-1': 5-1 ends before it begins" "$titrant" campaign plan --folder campaign --seeds 5-1
expect 2 "is data, not a configuration; give it as --set data.file=trial.csv" "$titrant" check --config trial.csv
expect 2 "lines begin with tabs" "$titrant" check --config tabs.yaml
expect 2 "size: unknown key; did you mean 'cohort.size'" "$titrant" check --config indented.yaml
expect 2 "did you mean 'training.virtual.steps' or 'training.steps' or 'uncertainty.steps'" "$titrant" check --set steps=5
expect 2 "expected a name that ends in .h5" "$titrant" run --output run.csv
expect 2 "the name is empty" "$titrant" run --output ''
expect 2 "expected plain or full" "$titrant" check --log-format json
expect 2 "expected man, bash, zsh, fish, markdown or store" "$titrant" documentation html
expect 2 "color sometimes: expected auto, always or never" "$titrant" check --color sometimes
# The value of an option is never another option: each would be a file of that name, or a setting.
for value in --dry-run --quiet -q --no-such -x --; do
  expect 2 "run: --output needs a value .RUN.h5., and '$value' looks like an option; .* write --output=./$value" "$titrant" run --output "$value"
done
expect 2 "run: --output needs a value" "$mpiexec" -n 2 "$titrant" run -o --dry-run
expect 2 "run: --config needs a value" "$titrant" run --config --output x.h5
expect 2 "run: --set needs a value .* write --set=--output" "$titrant" run --set --output x.h5
expect 2 "circuit run: --shots needs a value" "$titrant" circuit run bell.qasm --shots --json
expect 2 "simulate: --output needs a value" "$titrant" simulate --output --subjects
expect 2 "report: --output needs a value" "$titrant" report x.h5.keep --output -f
expect 2 "campaign plan: --folder needs a value" "$titrant" campaign plan --folder --seeds 1-2
expect 2 "a letter takes its value without =; write -o x.h5" "$titrant" run -o=x.h5

# YAML: what libraries pass over, or read in one way or another.
printf 'seed: 010\ncohort:\n  size: 0100\n' >octal.yaml
printf 'populations:\n  adult: {weight: {uniform: [50, 90]}}\n  adult: {weight: {uniform: [60, 120]}}\n' >twice.yaml
printf 'seed: 1\n---\nseed: 2\n' >documents.yaml
expect 2 "octal.yaml:1:7: seed: expected a whole number, found '010'.*write 10" "$titrant" check --config octal.yaml
expect 2 "octal.yaml:3:9: cohort.size: .*write 100" "$titrant" check --config octal.yaml
expect 2 "found '010'.*write 10, or 0o10" "$titrant" check --set seed=010
expect 2 "found '1e3'; write 1000" "$titrant" check --set cohort.size=1e3
expect 2 "twice.yaml:3:3: populations.adult: is given twice; the first time in line 2, column 3" "$titrant" check --config twice.yaml
expect 2 "pk.fixed=.clearance: 1, clearance: 2.: character 16: clearance: is given twice" "$titrant" check --set 'pk.fixed={clearance: 1, clearance: 2}'
expect 2 "documents.yaml:2:1: a second document" "$titrant" check --config documents.yaml
expect 2 "targets=.0.9. 0.5: character 7: a second document, or text behind" "$titrant" check --set 'targets=[0.9] 0.5'
expect 2 "pd.structure: 'direct_inhibitio' is not one of.*did you mean 'direct_inhibition'" "$titrant" check --set pd.structure=direct_inhibitio
expect 2 "pk.compartments: '4' is not one of: auto, 1, 2, 3" "$titrant" check --set pk.compartments=4
expect 2 "unknown.yaml:3:3: training.stepz: unknown key; did you mean 'steps'" "$titrant" run --config unknown.yaml --output x.h5
expect 2 "broken.yaml:" "$titrant" run --config broken.yaml --output x.h5
expect 2 "absent.yaml" "$titrant" run --config absent.yaml --output x.h5
expect 2 "expected a whole number, found 'ten'" "$titrant" run --set cohort.size=ten --output x.h5
expect 2 "out of range" "$titrant" run --set 'targets=[1.0]' --output x.h5
expect 2 "out of range" "$titrant" run --set 'regimens={daily: {interval: 24, doses: {from: 1, to: 40, step: 0}}}' --output x.h5
expect 2 "regimens.hourly: interval is missing" "$titrant" run --set regimens.hourly.doses.step=1 --output x.h5
expect 2 "expected v4, v3 or baseline" "$titrant" run --isa sse9 --output x.h5
expect 2 "absent.csv" "$titrant" run --set data.file=absent.csv --output x.h5
expect 2 "empty.csv" "$titrant" run --set data.file=empty.csv --output x.h5
expect 2 "header.csv" "$titrant" run --set data.file=header.csv --output x.h5
expect 2 "no subject has a concentration" "$mpiexec" -n 2 "$titrant" run --set data.file=placebo.csv --output x.h5
expect 2 "both outcomes" "$titrant" run "${hopeless[@]}" --output x.h5
expect 2 "absent/x.h5|absent" "$titrant" run --output absent/x.h5
expect 2 "unknown.yaml:3:3" "$mpiexec" -n 3 "$titrant" run --config unknown.yaml --output x.h5
expect 2 "absent.csv" "$mpiexec" -n 3 "$titrant" run --set data.file=absent.csv --output x.h5
expect 2 "both outcomes" "$mpiexec" -n 3 "$titrant" run "${hopeless[@]}" --output x.h5

# An existing store is refused without --force, and stays as it was.
mkdir kept
echo "something precious" >kept/run.h5
timeout "$bound" "$titrant" fit --output kept/run.h5 2>err
if [ $? -ne 2 ] || ! grep -q -- "--force" err || [ "$(cat kept/run.h5)" != "something precious" ]; then
  fail "an existing store was not refused"
fi

# A folder without write permission is found before the work starts (root may write anywhere, so only others can test it).
if [ "$(id -u)" -ne 0 ]; then
  mkdir locked
  chmod a-w locked
  expect 2 "locked" "$titrant" run --output locked/x.h5
fi

# A file that is not there, wherever one is asked for.
absent=absent.h5
for command in "inspect $absent" "report $absent" "compare $absent $absent" "resume $absent" "run --config $absent" "check --config absent.yaml" \
  "circuit export --store $absent" "circuit print --config $absent" "circuit run absent.qasm" "circuit route --device absent.yaml" \
  "campaign plan --folder plan --config $absent" "campaign status --folder absent" "inspect $absent.checkpoint"; do
  # shellcheck disable=SC2086 # words of a command
  expect 2 "absent" "$titrant" $command
done

# A truncated or foreign file given as a store.
head -c 1000 /dev/urandom >foreign.h5.keep
expect 1 "foreign" "$titrant" inspect foreign.h5.keep

exit_if_failed
echo "all bad input was refused as it should be"
