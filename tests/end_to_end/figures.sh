#!/usr/bin/env bash
# The figures of a store follow from what lies beside them: metrics from the predictions, counts from the circuit.
# Usage: figures.sh TITRANT MPIEXEC
set -euo pipefail
# shellcheck source=tests/end_to_end/prologue.bash
source "$(dirname "$0")/prologue.bash"
python_has "h5py, numpy" || skip "no Python with h5py"

cat >tiny.yaml <<END
pk: {structure: one_compartment, starts: 1}
pd: {structure: turnover_inhibition, starts: 1, search: {variability: false, parameters: [baseline]}}
training: {on: [virtual, trial], subjects: 60, virtual: {steps: 8}, folds: 3, steps: 4, replicates: 2}
classifier: {compare: [logistic, homogeneous, proposal], reuploading: true}
quantum: {backend: sampled, shots: 200, gradient: parameter_shift}
endpoints:
  control: {of: biomarker, values: measured, hours: [480, 504], below: 3.3}
  course: {of: biomarker, values: latent, hours: [480, 504], below: 3.3}
cohort: {size: 40}
regimens: {daily: {interval: 24, doses: {from: 0.5, to: 12, step: 4}}, weekly: {interval: 168, doses: {from: 5, to: 40, step: 20}}}
uncertainty: {source: none}
diagnostics: {simulations: 0}
output: {report: false}
END
"$mpiexec" -n 2 "$titrant" run --config tiny.yaml --output run.h5 --quiet

"$python" - <<'END'
import json

import h5py
import numpy as np

run = h5py.File("run.h5")
text = lambda path: run[path].asstr()[()]


def log_loss(p, y):
    p = np.clip(p, 1e-12, 1 - 1e-12)
    return -np.mean(np.where(y == 1, np.log(p), np.log(1 - p)))


# Predictions on the trial's subjects, beside the metrics that are said to be theirs.
outcome, checked = run["/trial/outcome/control"][:], 0
for name in run["/classifier"]:
    for group in ("control/on_trial", "course/on_trial", "evaluation"):
        path = f"/classifier/{name}/{group}"
        if path not in run:
            continue
        label, subject = run[f"{path}/label"][:], run[f"{path}/subject"][:].astype(int)
        assert np.array_equal(outcome[subject], label), f"{path}: labels of other subjects"
        if group != "evaluation":
            predictions, figures = [run[f"{path}/probability"][:]], run[path]
        else:
            predictions, figures = run[f"{path}/out_of_fold"][:], run[f"{path}/pooled"]
        for row, p in enumerate(predictions):
            assert np.isclose(log_loss(p, label), figures["log_loss"][row], rtol=1e-9), f"{path}: log-loss"
            assert np.isclose(np.mean((p > 0.5) == (label == 1)), figures["accuracy"][row]), f"{path}: accuracy"
            assert np.isclose(np.mean((p - label) ** 2), figures["brier"][row]), f"{path}: Brier score"
            checked += 1
assert checked == 4 * 2 + 4, f"{checked} sets of predictions"  # four kinds: two repeats, and learnt from virtual subjects
print(f"{checked} sets of predictions give their metrics")

# Circuits: of the QCNN kinds alone, for every endpoint and source, with the parameters that were trained.
circuits = {}
run["/classifier"].visit(lambda path: circuits.update({path: json.loads(text(f"/classifier/{path}"))}) if path.endswith("/circuit") else None)
kinds = [k + s for k in ("qcnn", "qcnn_homogeneous", "qcnn_proposal") for s in ("/control/circuit", "/course/circuit", "_trial/control/circuit")]
assert sorted(circuits) == sorted(kinds), sorted(circuits)
for path, circuit in circuits.items():
    trained = set(run["/classifier/" + path.replace("circuit", "parameter_name")].asstr()[:])
    angles = [a for o in circuit["operations"] for a in o.get("angles", [])]
    used = {a["parameter"] for a in angles if "parameter" in a}
    assert used == trained - {"readout.scale", "readout.offset"}, path
    assert {a["feature"] for a in angles if "feature" in a} == set(range(len(circuit["features"]))), path
    measured = [o["bit"] for o in circuit["operations"] if o["kind"] == "measure"]
    assert sorted(measured) == list(range(circuit["bits"])) and circuit["result_bit"] == measured[-1], path
assert circuits["qcnn/control/circuit"]["features"] == ["average_concentration", "comed"]
assert set(circuits["qcnn_proposal/control/circuit"]["features"]) == {"weight", "dose", "comed"}
print(f"{len(circuits)} circuits with the parameters that were trained")

# Resources: counts of the circuit of the first kind, and their products.
r = {name: run[f"/resources/{name}"][()] for name in run["/resources"]}
operations = circuits["qcnn/control/circuit"]["operations"]
rotations = sum("parameter" in a for o in operations for a in o.get("angles", []))
assert r["qubits"] == circuits["qcnn/control/circuit"]["qubits"] and r["measurements"] == circuits["qcnn/control/circuit"]["bits"]
assert r["two_qubit_gates"] == sum(o["kind"] == "gate" and len(o["qubits"]) == 2 for o in operations)
assert r["rotations"] == rotations and r["circuits_per_gradient"] == 2 * rotations
assert r["subjects"] == len(run["/classifier/qcnn/evaluation/label"]) and r["trainings"] == 3 * 2 and r["shots"] == 200
assert r["training_circuits"] == r["subjects"] * 2 * 2 * r["steps"] * r["circuits_per_gradient"]  # two of three folds, twice
assert r["training_two_qubit_gates"] == r["training_circuits"] * r["shots"] * r["two_qubit_gates"]
doses = sum(len(run[f"/population/{p}/{g}/dose"]) for p in run["/population"] for g in run[f"/population/{p}"])
assert r["search_circuits"] == 40 * doses
print("resources are the counts of the circuit")
END
