#!/usr/bin/env bash
# A trial in which subjects with a high clearance need more of the drug: a joint fit finds the correlation of the random effects of PK and biomarker,
# virtual subjects have it (the dose by other code), trials simulated from the store have it, and what cannot be correlated is refused.
# Usage: joint.sh TITRANT MPIEXEC SOURCE_FOLDER
set -uo pipefail
# shellcheck source=tests/end_to_end/prologue.bash
source "$(dirname "$0")/prologue.bash"
bound=200
python_has "h5py, numpy" || skip "python3 has no h5py or numpy"

# One compartment, four boluses, R = R0 (1 - 0.9 C / (IC50 + C)); 60 subjects on three doses and 15 on placebo.
"$python" - <<'END_OF_PYTHON' || fail_now "the trial could not be made"
import numpy as np
random = np.random.default_rng(41)
rho, omega = 0.6, [0.35, 0.4]  # of clearance and ic50
covariance = [[omega[0] ** 2, rho * omega[0] * omega[1]], [rho * omega[0] * omega[1], omega[1] ** 2]]
with open("trial.csv", "w") as file:
    file.write("ID,TIME,AMT,DV,EVID,DVID\n")
    for subject in range(1, 76):
        dose = [0, 30, 100, 300][subject % 4] if subject > 20 else [30, 100, 300][subject % 3]
        eta = random.multivariate_normal([0, 0], covariance)
        clearance, volume = 5 * np.exp(eta[0]), 50 * np.exp(0.2 * random.normal())
        ic50, baseline = 400 * np.exp(eta[1]), 10 * np.exp(0.15 * random.normal())
        def c(t):
            return sum(1000 * dose / volume * np.exp(-clearance / volume * (t - d)) for d in (0, 24, 48, 72) if d < t)
        rows = [(d, 1, f"{subject},{d},{dose},.,1,0\n") for d in (0, 24, 48, 72) if dose > 0]
        for t in (1, 4, 12, 23, 73, 80, 95):
            if dose > 0:
                rows.append((t, 0, f"{subject},{t},.,{c(t) * (1 + 0.08 * random.normal()):.8g},0,1\n"))
        for t in (0, 2, 6, 12, 23, 36, 47, 74, 80, 90, 100, 120):
            r = baseline * (1 - 0.9 * c(t) / (ic50 + c(t)))
            rows.append((t, 0, f"{subject},{t},.,{r * (1 + 0.06 * random.normal()):.8g},0,2\n"))
        file.writelines(text for _, _, text in sorted(rows, key=lambda row: row[:2]))
END_OF_PYTHON
cat >joint.yaml <<'END_OF_YAML'
data: {file: trial.csv, route: iv}
pk: {compartments: 1, error: proportional, starts: 1, omega: {variable: [clearance, volume]}}
pd:
  structure: direct_inhibition
  baseline: constant
  error: proportional
  omega: {variable: [baseline, ic50]}
  search: {enabled: false, variability: false}
  starts: 1
pk_pd: {method: joint, omega: {blocks: [[pk.clearance, pd.ic50]]}}
regimens: {bolus: {interval: 24, doses: {from: 20, to: 1200, step: 20}, route: bolus}}
endpoints: {trough: {of: biomarker, values: latent, at: steady_state, below: 6}}
populations: {all: {}}
targets: [0.8]
cohort: {size: 20000}
classifier: {compare: [logistic]}
training: {subjects: 100, virtual: {steps: 20}}
uncertainty: {source: parameters, replicates: 3, cohort: 200, subjects: 50, steps: 5}
diagnostics: {simulations: 10}
output: {trajectories: 20}
END_OF_YAML
for ranks in 1 2; do
  timeout "$bound" "$mpiexec" -n "$ranks" "$titrant" run --config joint.yaml --no-report --quiet --output "ranks$ranks.h5" >out 2>&1 ||
    fail_now "exit code $? on $ranks ranks: $(cat out)"
done
same_stores ranks1.h5 ranks2.h5 >difference || fail "1 and 2 ranks differ: $(head -n 5 difference)"
"$titrant" inspect ranks1.h5 --json >answers.json
cat >expected.py <<'END_OF_PYTHON'
import json
import h5py
import numpy as np
found = json.load(open("answers.json"))
joint, = [one["parameters"] for one in found["fits"] if any(p["name"] == "ic50" for p in one["parameters"])]
fit = {one["name"]: one for one in joint}
truth = {"clearance": 5.0, "volume": 50.0, "baseline": 10.0, "imax": 0.9, "ic50": 400.0, "omega.clearance": 0.35, "omega.volume": 0.2,
         "omega.baseline": 0.15, "omega.ic50": 0.4, "correlation.clearance.ic50": 0.6, "error.concentration.proportional": 0.08,
         "error.biomarker.proportional": 0.06}
assert set(fit) - {"hill"} == set(truth), sorted(fit)
for name, value in truth.items():
    estimate, error = fit[name]["estimate"], fit[name]["rse"] / 100 * fit[name]["estimate"]
    print(f"{name:34} {value:8.4g} {estimate:10.4g} {(estimate - value) / error:6.2f} standard errors")
    assert abs(estimate - value) < (2 if name.startswith("correlation") else 3.2) * error, (name, estimate, error)
assert fit["correlation.clearance.ic50"]["rse"] < 25

# The dose question by the estimates, with and without the correlation.
def share(dose, rho):
    random = np.random.default_rng(4)
    first, second, third, fourth = random.normal(size=(4, 400000))
    value = {name: one["estimate"] for name, one in fit.items()}
    clearance = value["clearance"] * np.exp(value["omega.clearance"] * first)
    ic50 = value["ic50"] * np.exp(value["omega.ic50"] * (rho * first + np.sqrt(1 - rho**2) * second))
    volume = value["volume"] * np.exp(value["omega.volume"] * third)
    baseline = value["baseline"] * np.exp(value["omega.baseline"] * fourth)
    decay = np.exp(-24 * clearance / volume)
    trough = 1000 * dose / volume * decay / (1 - decay)
    return np.mean(baseline * (1 - value["imax"] * trough / (ic50 + trough)) < 6)

answer, = [a for a in found["answers"] if (a["method"], a["rule"]) == ("mechanistic", "mean")]
rho = fit["correlation.clearance.ic50"]["estimate"]
here, before, apart = share(answer["dose"], rho), share(answer["dose"] - 20, rho), share(answer["dose"], 0.0)
print(f"{answer['dose']:g} mg: {answer['target_attainment']:.4f}, here {here:.4f}; 20 mg less: {before:.4f}; without correlation {apart:.4f}")
assert abs(answer["target_attainment"] - here) < 0.012, (answer, here)
assert before < 0.8 + 0.012 and here > 0.8 - 0.012
assert abs(apart - here) > 0.02  # so that the correlation matters to the answer
END_OF_PYTHON
"$python" expected.py >said || fail "the fit or its answer is not what it should be: $(cat said)"

# A trial simulated from the store has the correlation.
"$titrant" simulate --from ranks1.h5 --design trial.csv --seed 5 --set data.route=iv --output again.csv >said 2>&1 ||
  fail_now "no simulation: $(cat said)"
timeout "$bound" "$titrant" fit --config joint.yaml --set data.file=again.csv --quiet --output again.h5 >said 2>&1 ||
  fail_now "no fit of the simulated trial: $(cat said)"
"$python" - <<'END_OF_PYTHON' || fail "the fit of the simulated trial is not the model that it was simulated from"
import h5py
import numpy as np
with h5py.File("ranks1.h5") as truth, h5py.File("again.h5") as found:
    names = truth["pd/parameter"].asstr()[:].tolist()
    assert names == found["pd/parameter"].asstr()[:].tolist()
    estimated = found["pd/standard_error"][:] > 0
    error = ((found["pd/estimate"][:] - truth["pd/estimate"][:]) / found["pd/standard_error"][:])[estimated]
    assert np.abs(error).max() < 3.5, dict(zip(names, error))
END_OF_PYTHON

"$titrant" fit --config joint.yaml --quiet --output exported.h5 --export nonmem --export-to exported.ctl >said 2>&1 || fail "no export: $(cat said)"
"$python" - <<'END_OF_PYTHON' || fail "the exported Omega is not that of the fit"
import re
import h5py
import numpy as np
with h5py.File("exported.h5") as store:
    fit = dict(zip(store["pd/parameter"].asstr()[:], store["pd/estimate"][:]))
block, = re.findall(r"\$OMEGA BLOCK\(2\)([^$]*)", open("exported.ctl").read())
values = [float(one) for one in re.sub(";.*", "", block).split()]
a, b = fit["omega.clearance"], fit["omega.ic50"]
np.testing.assert_allclose(values, [a * a, fit["correlation.clearance.ic50"] * a * b, b * b], rtol=1e-5)
END_OF_PYTHON
check=("$titrant" check --for fit --config joint.yaml)
expect 2 "pk_pd.method: is joint, and pd.method is population" "${check[@]}" --set pd.method=population
expect 2 "correlated in joint fits alone; write pk_pd.method: joint" "${check[@]}" --set pk_pd.method=sequential
expect 2 "write \[pk.clearance, pd.ic50, pk.volume\], or take them" "${check[@]}" --set 'pk.omega.blocks=[[clearance, volume]]'
expect 0 "" "${check[@]}" --set 'pk.omega.blocks=[[clearance, volume]]' --set 'pk_pd.omega.blocks=[[pk.clearance, pk.volume, pd.ic50]]'
expect 2 "pk.absorption_rate does not vary between subjects" "${check[@]}" --set 'pk_pd.omega.blocks=[[pk.absorption_rate, pd.ic50]]'
expect 2 "has 10 variances and correlations, and 6 subjects" "${check[@]}" --set 'data.where=[ID < 7]' \
  --set 'pk_pd.omega.blocks=[[pk.clearance, pk.volume, pd.baseline, pd.ic50]]'
exit_if_failed
