#!/usr/bin/env bash
# Trials of biomarkers whose baseline moves, that wear off, that come from a precursor, that follow infusions with a delay, or that are 0 or 1, from
# the file to the dose: the fit finds what the file was made of, and the answers are those of a simulation by other code (biomarkers.py). The search
# finds a moving baseline, and what has no steady state is refused.
# Usage: biomarkers.sh TITRANT MPIEXEC SOURCE_FOLDER
set -uo pipefail
# shellcheck source=tests/end_to_end/prologue.bash
source "$(dirname "$0")/prologue.bash"
bound=120
python_has numpy || skip "python3 has no numpy"
"$python" "$source/tests/end_to_end/biomarkers.py" make . || fail_now "the trials could not be made"
models=(linear exponential circadian infused tolerance precursor binary)
for model in "${models[@]}"; do
  timeout "$bound" "$titrant" run --config "$model.yaml" --no-report --quiet --output "$model.h5" >out 2>&1 ||
    fail_now "exit code $? for $model: $(cat out)"
  "$titrant" inspect "$model.h5" --json >"$model.json" || fail_now "inspect $model.h5"
done
"$python" "$source/tests/end_to_end/biomarkers.py" compare . "${models[@]}" || fail "parameters or answers are not those of other code"

# The baseline is searched for: the trend is found, and the store can be simulated from.
timeout "$bound" "$titrant" fit --config linear.yaml --set pd.baseline=auto --set pd.search.variability=true --quiet --output found.h5 >out 2>&1 ||
  fail_now "exit code $? of the search: $(cat out)"
"$titrant" inspect found.h5 --json >found.json
grep -q '"baseline_slope"' found.json || fail "the search found no trend"
expect 0 "" "$titrant" simulate --from found.h5 --design linear.csv --output again.csv

steady='endpoints={reached: {of: biomarker, values: latent, at: steady_state, below: 9}}'
expect 2 "endpoints.reached: with a linear baseline the biomarker has no steady state on the regimen daily" \
  "$titrant" check --for run --config linear.yaml --set "$steady"
expect 0 "" "$titrant" check --for run --config circadian.yaml --set "$steady"
expect 2 "pd.structure: turnover_stimulation is not for binary values" "$titrant" check --for fit --config binary.yaml \
  --set pd.structure=turnover_stimulation
expect 2 "binary values \(pd.error\) are 0 or 1" "$titrant" check --for fit --config infused.yaml --set pd.error=binary --set "endpoints={reached: {of: biomarker, values: measured, times: [100], at: steady_state, above: 0.5}}"
exit_if_failed
