#!/usr/bin/env bash
# The network on calibrations of real devices (ecr, cz, cx): read as they are and as our device files, routed around what does not work, with
# the noise of their qubits. Exit code 77 (skipped) without the data. Usage: real_device.sh TITRANT MPIEXEC SOURCE_FOLDER
set -euo pipefail
# shellcheck source=tests/end_to_end/prologue.bash
source "$(dirname "$0")/prologue.bash"
properties=$external_data/ibm_kyiv/props_kyiv.json
[ -f "$properties" ] || skip "the calibration is not at \$TITRANT_DATA/ibm_kyiv/props_kyiv.json"

"$titrant" circuit device "$properties" --output kyiv.yaml
"$titrant" circuit route --device "$properties" --output direct.qasm >direct.log
"$titrant" circuit route --device kyiv.yaml --output converted.qasm >converted.log
cmp direct.qasm converted.qasm
echo "the same circuit from IBM's file and from ours"

# Every ecr is on a coupling of the file, in its direction, that is not dead; all 127 qubits are there.
"${PYTHON:-python3}" - "$properties" direct.log direct.qasm <<'PYTHON'
import json, re, sys
properties = json.load(open(sys.argv[1]))
log, qasm = open(sys.argv[2]).read(), open(sys.argv[3]).read()
error = {tuple(g["qubits"]): next(p["value"] for p in g["parameters"] if p["name"] == "gate_error")
         for g in properties["gates"] if g["gate"] == "ecr"}
used = [(int(a), int(b)) for a, b in re.findall(r"^\s*ecr \w+\[(\d+)\], \w+\[(\d+)\];", qasm, re.M)]
assert len(used) > 100, "too few ecr for this network"
assert all(pair in error for pair in used), "an ecr where there is no coupling"
worst = max(error[pair] for pair in used)
assert worst < 1.0, "a dead coupling was used"
difference = float(re.search(r"differ from the original's by at most ([0-9.e+-]+)", log).group(1))
assert difference < 1e-12, f"outcomes differ by {difference}"
middle = sorted(value for value in error.values() if value < 1.0)[len(error) // 2]
mean = sum(error[pair] for pair in used) / len(used)
assert mean < middle, "calibration did not guide the choice of qubits"
print(f"{len(used)} ecr on {len(set(used))} couplings, mean error {mean:.2%} (median of the device {middle:.2%}), worst {worst:.2%}")
PYTHON

# What the program says of P(answer = 1) under noise is what the file gives, run by itself on the device.
"$titrant" circuit run direct.qasm --noise "$properties" --json >noisy.json
"${PYTHON:-python3}" - direct.log noisy.json <<'PYTHON'
import json, re, sys
said = float(re.search(r"without noise, ([0-9.]+) with", open(sys.argv[1]).read()).group(1))
found = sum(p for bits, p in json.load(open(sys.argv[2]))["probabilities"].items() if bits[0] == "1")
assert abs(said - found) < 1e-6, f"{said} and {found}"
print(f"P(answer = 1) on the device: {found:.6f}")
PYTHON

# A gate on a dead coupling is refused, on the best one it gives two noisy bits.
pair_of() { # qubits
  printf 'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[127] q;\nbit[2] c;\nsx q[%s];\necr q[%s], q[%s];\nc[0] = measure q[%s];\nc[1] = measure q[%s];\n' \
    "$1" "$1" "$2" "$1" "$2" >pair.qasm
}
read -r good_a good_b bad_a bad_b < <("${PYTHON:-python3}" - "$properties" <<'PYTHON'
import json, sys
error = {tuple(g["qubits"]): g["parameters"][0]["value"] for g in json.load(open(sys.argv[1]))["gates"] if g["gate"] == "ecr"}
print(*min(error, key=error.get), *max(error, key=error.get))
PYTHON
)
pair_of "$good_a" "$good_b"
"$titrant" circuit run pair.qasm --noise "$properties" | tee good.log
[ "$(wc -l <good.log)" -eq 5 ]
pair_of "$bad_a" "$bad_b"
if "$titrant" circuit run pair.qasm --noise "$properties" >dead.log 2>&1; then
  fail_now "the dead coupling $bad_a-$bad_b was used"
fi
grep -E "$bad_a.*$bad_b|error 1|does not work" dead.log

# A cz device whose 300 calibrated rzz all have the error 1, and a cx device whose directions differ in length: one note each, no gate but
# the device's, and what is written back is the circuit.
for name in torino algiers; do
  properties=$external_data/ibm_$name/props_$name.json
  [ -f "$properties" ] || continue
  "$titrant" circuit device "$properties" --output "$name.yaml" >device.log
  "$titrant" circuit route --device "$properties" --output "$name.qasm" >"$name.log"
  "$titrant" circuit route --device "$name.yaml" --output converted.qasm --force >/dev/null
  cmp "$name.qasm" converted.qasm
  "$titrant" circuit run "$name.qasm" --noise "$properties" --json >noisy.json
  "${PYTHON:-python3}" - "$properties" "$name.log" "$name.qasm" noisy.json device.log <<'PYTHON'
import json, re, sys
properties = json.load(open(sys.argv[1]))
log, qasm, said = open(sys.argv[2]).read(), open(sys.argv[3]).read(), open(sys.argv[5]).read()
entangler = {"ibm_torino": "cz", "ibm_algiers": "cx"}[properties["backend_name"]]
figures = {tuple(g["qubits"]): {p["name"]: p["value"] for p in g["parameters"]}
           for g in properties["gates"] if g["gate"] == entangler}
used = [(int(a), int(b)) for a, b in re.findall(rf"^\s*{entangler} \w+\[(\d+)\], \w+\[(\d+)\];", qasm, re.M)]
assert len(used) > 100 and max(figures[pair]["gate_error"] for pair in used) < 1.0
names = set(re.findall(r"^\s*([a-zA-Z]+)(?:\([^)]*\))? q\[", qasm, re.M))
assert names == {entangler, "rz", "sx", "x"}, names
if entangler == "cx":  # the shorter direction
    assert all(figures[a, b]["gate_length"] < figures[b, a]["gate_length"] for a, b in used)
    assert said.count("have different figures in the two directions") == 1
else:
    assert said.count("rzz is ignored on 150 of 150 couplings") == 1
assert len(said.splitlines()) < 10, "a message is there many times"
difference = float(re.search(r"differ from the original's by at most ([0-9.e+-]+)", log).group(1))
assert difference < 1e-12, f"outcomes differ by {difference}"
expected = float(re.search(r"without noise, ([0-9.]+) with", log).group(1))
found = sum(p for bits, p in json.load(open(sys.argv[4]))["probabilities"].items() if bits[0] == "1")
assert abs(expected - found) < 1e-6, f"{expected} and {found}"
success = re.search(r"estimated success probability ([0-9.]+)", log).group(1)
print(f"{properties['backend_name']}: {len(used)} {entangler}, estimated success {success}, P(answer = 1) {found:.6f}")
PYTHON
done
