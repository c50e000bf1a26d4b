#!/usr/bin/env bash
# Bad input ends in one clear message, exit code 2 and nothing written, also on several ranks and never in a hang.
# Usage: bad_input.sh TITRANT MPIEXEC
set -uo pipefail
titrant=$1
mpiexec=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
failures=0
bound=60 # seconds after which a run counts as hanging

expect() { # exit code, pattern of the message, command
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
touch existing.keep

expect 2 "unknown command 'rnu', did you mean 'run'" "$titrant" rnu
expect 2 "unknown option .--outptu., did you mean .--output." "$titrant" run --outptu x.h5
expect 2 "unknown.yaml:3:3: training.stepz: unknown key; did you mean 'steps'" "$titrant" run --config unknown.yaml --output x.h5
expect 2 "broken.yaml:" "$titrant" run --config broken.yaml --output x.h5
expect 2 "absent.yaml" "$titrant" run --config absent.yaml --output x.h5
expect 2 "expected a whole number, found 'ten'" "$titrant" run --set cohort.size=ten --output x.h5
expect 2 "out of range" "$titrant" run --set 'dose.targets=[1.0]' --output x.h5
expect 2 "out of range" "$titrant" run --set dose.daily.step=0 --output x.h5
expect 2 "expected v4, v3 or baseline" "$titrant" run --isa sse9 --output x.h5
expect 2 "absent.csv" "$titrant" run --set data.file=absent.csv --output x.h5
expect 2 "empty.csv" "$titrant" run --set data.file=empty.csv --output x.h5
expect 2 "header.csv" "$titrant" run --set data.file=header.csv --output x.h5
expect 2 "no subject has a concentration" "$mpiexec" -n 2 "$titrant" run --set data.file=placebo.csv --output x.h5
expect 2 "both outcomes" "$titrant" run --set data.file=trial.csv --set response.threshold=0.001 --set pk.structure=one_compartment --set pd.structure=none --set training.on=trial --output x.h5
expect 2 "absent/x.h5|absent" "$titrant" run --output absent/x.h5
expect 2 "unknown.yaml:3:3" "$mpiexec" -n 3 "$titrant" run --config unknown.yaml --output x.h5
expect 2 "absent.csv" "$mpiexec" -n 3 "$titrant" run --set data.file=absent.csv --output x.h5
expect 2 "both outcomes" "$mpiexec" -n 3 "$titrant" run --set data.file=trial.csv --set response.threshold=0.001 --set pk.structure=one_compartment --set pd.structure=none --set training.on=trial --output x.h5

# An existing store is refused without --force, and stays as it was.
mkdir kept
echo "something precious" >kept/run.h5
timeout "$bound" "$titrant" fit --output kept/run.h5 2>err
if [ $? -ne 2 ] || ! grep -q -- "--force" err || [ "$(cat kept/run.h5)" != "something precious" ]; then
  echo "FAILED: an existing store was not refused"
  cat err
  failures=$((failures + 1))
fi

# A folder without write permission is found before the work starts (root may write anywhere, so only others can test it).
if [ "$(id -u)" -ne 0 ]; then
  mkdir locked
  chmod a-w locked
  expect 2 "locked" "$titrant" run --output locked/x.h5
fi

# A truncated or foreign file given as a store.
head -c 1000 /dev/urandom >foreign.h5.keep
expect 1 "foreign" "$titrant" inspect foreign.h5.keep

[ "$failures" -eq 0 ] && echo "all bad input was refused as it should be"
exit "$((failures > 0))"
