#!/usr/bin/env bash
# A question through a quantum computer and back: plan, export, run each circuit, import. Every exported circuit is the network of its
# subject, without noise and with the device's; the counts give the exact dose; bad input is named and nothing is written.
# Usage: device.sh TITRANT MPIEXEC SOURCE
set -uo pipefail
# shellcheck source=tests/end_to_end/prologue.bash
source "$(dirname "$0")/prologue.bash"
device=$source/configs/devices/example_heavy_hex.yaml
show() { [[ ! -s out ]] || tail -n 20 out; }

# A run of seconds whose network is trained enough to answer: no biomarker model, few doses, a small cohort.
cat >run.yaml <<'YAML'
pk: {structure: one_compartment, starts: 1}
pd: {structure: none}
regimens: {daily: {interval: 24, doses: {from: 1, to: 25, step: 3}}}
endpoints: {control: {of: biomarker, values: measured, hours: [480, 504], below: 3.3}}
populations: {base: {weight: {uniform: [50, 100]}, comed: {share: 0.5}}}
targets: [0.75]
classifier: {preset: exposure, gate: so4, depth: 1, compare: []}
training: {on: trial, steps: 60, folds: 2}
cohort: {size: 200}
uncertainty: {source: none}
diagnostics: {simulations: 0}
YAML
timeout 300 "$titrant" run --config run.yaml --output run.h5 --no-report >out 2>&1 || fail_now "no run"

# The plan is the same on any number of ranks.
plan=(device plan --store run.h5 --device "$device" --subjects 6 --calibration 3 --layouts 5)
for ranks in 1 3; do
  timeout 300 "$mpiexec" -n "$ranks" "$titrant" "${plan[@]}" --simulate 20 --json >"plan$ranks.json" 2>out || fail "plan on $ranks ranks"
done
cmp -s plan1.json plan3.json || fail "the plan differs between 1 and 3 ranks"
expect 0 'within one step of the exact answer with a probability of at least 0.9[5-9]' "$titrant" "${plan[@]}"

# What is exported: the same bytes again; circuits of the plan, each the network of its subject.
export=(device export --store run.h5 --device "$device" --subjects 6 --calibration 3 --layouts 5)
for folder_name in circuits again; do
  expect 0 "^$folder_name: .* circuits" "$titrant" "${export[@]}" --output "$folder_name"
done
diff -r circuits again >out || fail "two exports differ"
expect 0 '^circuits: ' "$titrant" "${export[@]}" --output circuits # the same plan again
expect 2 'circuits: holds the circuits of another plan; give another folder, or --force' "$titrant" "${export[@]}" --seed 2 --output circuits
touch again/notes.txt
expect 2 'again: holds notes.txt, which is none of these circuits' "$titrant" "${export[@]}" --output again
expect 0 '^again: ' "$titrant" "${export[@]}" --output again --force

python3 - "$titrant" "$device" <<'PYTHON' || fail "exported circuits"
import json, subprocess, sys

titrant, device = sys.argv[1:]
manifest = json.load(open("circuits/manifest.json"))


def p_one(circuit, *noise):
    out = subprocess.run([titrant, "circuit", "run", "circuits/" + circuit["file"], "--json", *noise], capture_output=True, check=True)
    return sum(p for word, p in json.loads(out.stdout)["probabilities"].items() if word[0] == "1")


layouts = {json.dumps(c["layout"]) for c in manifest["circuits"]}
assert len(layouts) == 1, layouts
assert [r["name"] for r in manifest["bits"]["registers"]] == ["pooled", "answer"]
roles = [c["role"] for c in manifest["circuits"]]
assert roles.count("question") == 6 * len(manifest["doses"]) and roles.count("calibration") in range(4, 7), roles
worst = noisy = 0.0
for k, circuit in enumerate(manifest["circuits"]):
    worst = max(worst, abs(p_one(circuit) - circuit["p_one"]))
    if k < 6:
        noisy = max(noisy, abs(p_one(circuit, "--noise", device) - circuit["expected"]))
assert worst < 1e-9 and noisy < 1e-9, (worst, noisy)
print(f"{len(roles)} circuits: P(answer = 1) within {worst:.1e} of the network's, {noisy:.1e} of the noisy one")
PYTHON

# Counts of a simulated device give the exact dose; what is imported is kept, and nothing counts twice.
python3 "$source/tests/end_to_end/device_counts.py" "$titrant" circuits counts.json --noise "$device" >out 2>&1 || fail_now "no counts"
python3 - <<'PYTHON' || fail "the same counts in other forms"
import json

counts = json.load(open("counts.json"))
names = list(counts)
json.dump({name: counts[name] for name in names[: len(names) // 2]}, open("half.json", "w"))
json.dump({name: counts[name] for name in names[len(names) // 2 :]}, open("rest.json", "w"))
json.dump({name: {word[::-1]: n for word, n in c.items()} for name, c in counts.items()}, open("reversed.json", "w"))
json.dump([counts[name] for name in names], open("list.json", "w"))
json.dump({"results": [{"data": {"counts": {hex(int(word, 2)): n for word, n in counts[name].items()}}, "header": {"name": name}}
                       for name in names]}, open("qiskit.json", "w"))
json.dump({**counts, "subject_99999_dose_000": {"0": 1}}, open("other.json", "w"))
json.dump({"marker_zero": {"shots": 5, "ones": 6}}, open("more.json", "w"))
PYTHON
import=(device import --manifest circuits --device "$device")
expect 2 'circuits have no counts: .*--partial' "$titrant" "${import[@]}" half.json
expect 2 'no circuit of this manifest has this name' "$titrant" "${import[@]}" other.json
expect 2 'marker_zero: 6 ones among 5 shots' "$titrant" "${import[@]}" more.json
expect 2 'the bits are in the other order; give --bit-order lowest' "$titrant" "${import[@]}" reversed.json
sed 's/qubits:/# another day\nqubits:/' "$device" >changed.yaml
expect 2 'changed since the circuits were exported' "$titrant" device import --manifest circuits --device changed.yaml counts.json
[ ! -e circuits/results.json ] || fail "refused counts were kept"
expect 0 'circuits have no counts' "$titrant" "${import[@]}" half.json --partial
expect 0 'answer: ' "$titrant" "${import[@]}" rest.json
expect 0 'imported before and are not counted twice' "$titrant" "${import[@]}" counts.json --json
expect 0 'answer: ' "$titrant" "${import[@]}"
for form in list.json qiskit.json; do
  "$titrant" "${import[@]}" $form --results "of_$form" --json >"answer_$form" 2>out || fail "import of $form"
done
"$titrant" "${import[@]}" reversed.json --bit-order lowest --results turned.json --json >answer_turned 2>out || fail "reversed counts"
"$titrant" "${import[@]}" --json >answer.json 2>out || fail "the answer of what is imported"
for other in answer_list.json answer_qiskit.json answer_turned; do cmp -s answer.json $other || fail "$other is another answer"; done
python3 - <<'PYTHON' || fail "the imported answer"
import json

answer = json.load(open("answer.json"))
manifest = json.load(open("circuits/manifest.json"))
grid, exact = manifest["grid"], manifest["exact_dose"]
assert answer["missing"] == 0 and answer["subjects"] == 6, answer
assert abs(grid.index(answer["dose"]) - grid.index(exact)) <= 1, (answer, exact)
assert answer["lower"] <= answer["dose"] and (answer["upper"] is None or answer["dose"] <= answer["upper"])
assert answer["exact_dose_of_subjects"] == exact
for row in answer["doses"]:
    assert abs(row["attainment"] - row["exact"]) < 5 * row["deviation"] + 0.02, row
print(f"exact dose {exact}, counted {answer['dose']} ({answer['lower']} .. {answer['upper']})")
PYTHON

# An edited folder.
cp -r circuits edited
sed -i '0,/"shots": [0-9]*/s//"shots": 7/' edited/manifest.json
expect 2 'manifest.json: was edited since it was exported' "$titrant" device import --manifest edited --device "$device" counts.json
cp circuits/manifest.json edited/manifest.json
echo "// note" >>edited/marker_one.qasm
expect 2 'edited/marker_one.qasm: changed since it was exported' "$titrant" device import --manifest edited --device "$device" counts.json

# Options that cannot be.
expect 2 'missing option --device FILE' "$titrant" device plan --store run.h5
expect 2 'both --device and --logical are given' "$titrant" device plan --store run.h5 --device "$device" --logical
expect 2 'missing option --store RUN.h5' "$titrant" device plan --logical
expect 2 "--population bass: the run has no such population; expected base; did you mean 'base'" "$titrant" device plan --store run.h5 --logical --population bass
expect 2 'no dose of daily reaches the target 0.999' "$titrant" device plan --store run.h5 --logical --target 0.999
expect 2 '500 subjects|fewer' "$titrant" device plan --store run.h5 --logical --subjects 500
expect 2 'Expected more shots \(--most-shots\)' "$titrant" "${plan[@]}" --most-shots 101

# The same by another simulator, where there is one: without noise, and with Pauli noise after every gate.
if [[ -n ${TITRANT_QSHARP-} ]] && command -v node >/dev/null; then
  for pauli in 0 0.0003; do
    # Each of X, Y and Z with probability p after a gate is depolarising with 4 p on a qubit; rxx is four such gates on each of its two.
    noise=$(python3 -c "print('{one_qubit: %g, two_qubit: %g}' % (4 * $pauli, 32 * $pauli))")
    expect 0 '^logical' "$titrant" device export --store run.h5 --logical --noise "$noise" --subjects 20 --calibration 6 --output "logical_$pauli"
    timeout 600 node "$source/tests/end_to_end/device_qsharp.mjs" "$TITRANT_QSHARP" "logical_$pauli" "qsharp_$pauli.json" "$pauli" >out 2>&1 || fail "qsharp-lang"
    "$titrant" device import --manifest "logical_$pauli" "qsharp_$pauli.json" --json >"qsharp_$pauli.answer" 2>out || fail "counts of qsharp-lang"
    python3 - "$pauli" <<'PYTHON' || fail "the dose by qsharp-lang, Pauli noise $pauli"
import json, sys

pauli = sys.argv[1]
answer = json.load(open(f"qsharp_{pauli}.answer"))
grid = json.load(open(f"logical_{pauli}/manifest.json"))["grid"]
assert abs(grid.index(answer["dose"]) - grid.index(answer["exact_dose"])) <= 1, answer
print(f"qsharp-lang, Pauli noise {pauli}: {answer['dose']} by {answer['shots']} shots, exact {answer['exact_dose']}")
PYTHON
  done
else
  echo "qsharp-lang: skipped (TITRANT_QSHARP names no folder, or there is no node)"
fi
exit_if_failed
