#!/usr/bin/env bash
# A store holds all that is needed to repeat its run, and says so where its data are gone or others; compare tells what differs.
# Usage: repeat.sh TITRANT MPIEXEC SOURCE
set -uo pipefail
# shellcheck source=tests/end_to_end/prologue.bash
source "$(dirname "$0")/prologue.bash"
bound=100

cp "$source/configs/devices/example_heavy_hex.yaml" device.yaml
"$titrant" simulate --output trial.csv >/dev/null || fail "simulate"
cat >run.yaml <<'END'
seed: 3
data: {file: trial.csv}
pk: {structure: one_compartment, starts: 1}
pd: {structure: none}
training: {on: trial, steps: 6, noise: ignored}
quantum: {backend: density_matrix, gradient: adjoint, noise: device.yaml}
classifier: {compare: []}
cohort: {size: 30}
regimens: {daily: {interval: 24, doses: {from: 0.5, to: 40, step: 8}}, weekly: {interval: 168, doses: {from: 5, to: 300, step: 80}}}
endpoints: {control: {of: biomarker, values: measured, hours: [480, 504], below: 3.3}}
populations: {base: {weight: {uniform: [50, 100]}, comed: {share: 0.5}}, heavy: {weight: {uniform: [70, 140]}, comed: {share: 0.5}}, no_comed: {weight: {uniform: [50, 100]}, comed: {share: 0}}}
uncertainty: {source: none}
diagnostics: {simulations: 12}
output: {report: false}
END
expect 0 "" "$titrant" run --config run.yaml --output run.h5

# The device is in the store; the settings too.
rm device.yaml run.yaml
expect 0 "" "$mpiexec" -n 2 "$titrant" run --config run.h5 --output again.h5
expect 0 "^The same bits" "$titrant" compare run.h5 again.h5
cp "$source/configs/devices/example_heavy_hex.yaml" device.yaml
sed -i '0,/readout/s/readout/readuot/' device.yaml # a device that has changed meanwhile, and is not even one
expect 0 "" "$titrant" run --config run.h5 --output third.h5
expect 0 "^The same bits" "$titrant" compare run.h5 third.h5

# Other data under the name are refused, unless they are asked for.
cp trial.csv moved.csv
sed -i '2s/$/ /' trial.csv
expect 2 "data.file: trial.csv is not the file that run.h5 was made from" "$titrant" run --config run.h5 --output other.h5
expect 0 "" "$titrant" run --config run.h5 --set data.file=moved.csv --output moved.h5
expect 1 "data.file: trial.csv and moved.csv" "$titrant" compare run.h5 moved.h5
rm trial.csv
expect 2 "trial.csv" "$titrant" run --config run.h5 --output other.h5
echo "a store repeats its run"

# What differs, and what is no store.
expect 0 "" "$titrant" run --config moved.h5 --set seed=4 --output seed.h5
expect 1 "seed: 3 and 4" "$mpiexec" -n 2 "$titrant" compare moved.h5 seed.h5
expect 0 "Equal within the tolerance|The same bits" "$titrant" compare run.h5 run.h5 --tolerance 1e-9
"$titrant" compare moved.h5 seed.h5 --json >told.json
python3 -c 'import json; told = json.load(open("told.json")); assert told["verdict"] == "different" and told["different"] > 0, told' ||
  fail "compare --json"
head -c 3000 run.h5 >torn.h5
cp run.h5 flipped.h5
printf 'x' | dd of=flipped.h5 bs=1 seek=20000 conv=notrunc status=none
: >empty.h5
mkdir folder.h5
echo "ID,DV" >text.h5
"$python" -c 'import h5py; h5py.File("foreign.h5", "w")["x"] = [1.0]'
for bad in torn flipped empty folder text foreign absent; do
  expect 2 "$bad.h5" "$titrant" compare run.h5 "$bad.h5"
  expect "$([ "$bad" = absent ] && echo 2 || echo 1)" "$bad.h5" "$titrant" inspect "$bad.h5"
  expect 2 "$bad.h5" "$titrant" run --config "$bad.h5" --output other.h5
done
echo "torn, flipped, empty and foreign files are recognised"
exit_if_failed
