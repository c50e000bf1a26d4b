#!/usr/bin/env bash
# Trials with absorption of zero order, a bioavailability, and infusions of unknown duration, from the file to the dose: the fit finds what the file
# was made of, and the answers are those of a plain simulation by other code.
# Usage: absorption.sh TITRANT MPIEXEC SOURCE_FOLDER
set -uo pipefail
# shellcheck source=tests/end_to_end/prologue.bash
source "$(dirname "$0")/prologue.bash"
bound=120
python_has numpy || skip "python3 has no numpy"

# One compartment (CL 4 L/h, V 70 L), 100 mg absorbed over 5 h of which 60 % enter, and a day later an infusion over 3 h that the file does not know.
"$python" - <<'END_OF_PYTHON' || fail_now "the trial could not be made"
import numpy as np
random = np.random.default_rng(5)
times = [0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.5, 8.0, 12.0, 23.5, 24.5, 26.0, 28.0, 30.0, 36.0, 47.0]
with open("trial.csv", "w") as file:
    file.write("ID,TIME,AMT,RATE,CMT,DV,EVID\n")
    for subject in range(1, 61):
        clearance, volume, over = np.array([4.0, 70.0, 5.0]) * np.exp(0.25 * random.normal(size=3))
        logit = np.log(0.6 / 0.4) + 0.4 * random.normal()
        share, lasts = 1 / (1 + np.exp(-logit)), 3.0 * np.exp(0.2 * random.normal())
        k = clearance / volume
        rows = [(0.0, f"{subject},0,100,0,1,.,1\n"), (24.0, f"{subject},24,50,-2,2,.,1\n")]
        for t in times:
            def infused(amount, since, duration):
                on = np.clip(since, 0, duration)
                return amount / duration / clearance * (1 - np.exp(-k * on)) * np.exp(-k * max(since - duration, 0))
            c = infused(share * 100, t, over) + infused(50, t - 24, lasts)
            rows.append((t, f"{subject},{t},.,0,2,{1000 * c * (1 + 0.08 * random.normal()):.6g},0\n"))
        file.writelines(text for _, text in sorted(rows, key=lambda row: row[0]))
END_OF_PYTHON
cat >zero.yaml <<'END_OF_YAML'
data: {file: trial.csv}
pk:
  structure: one_compartment
  error: proportional
  absorption: zero_order
  bioavailability: true
  omega: {variable: [clearance, volume, absorption_duration, bioavailability, input_duration]}
  starts: 1
pd: {structure: none}
regimens:
  tablets: {interval: 12, doses: {from: 10, to: 600, step: 10}}
  bolus: {interval: 24, doses: {from: 10, to: 600, step: 10}, route: bolus}
endpoints:
  trough: {of: concentration, values: latent, at: steady_state, above: 500, at_trough: true}
  safe: {of: concentration, values: latent, at: steady_state, below: 3000}
  first: {of: concentration, values: latent, hours: [0, 12], below: 1500}
populations: {all: {}}
targets: [0.8]
cohort: {size: 10000}
classifier: {compare: [logistic]}
training: {subjects: 100, virtual: {steps: 30}}
uncertainty: {source: none}
output: {trajectories: 50}
END_OF_YAML
for ranks in 1 3; do
  timeout "$bound" "$mpiexec" -n "$ranks" "$titrant" run --config zero.yaml --no-report --quiet --output "ranks$ranks.h5" >out 2>&1 ||
    fail_now "exit code $? on $ranks ranks: $(cat out)"
done
same_stores ranks1.h5 ranks3.h5 >difference || fail "1 and 3 ranks differ: $(head -n 5 difference)"
"$titrant" inspect ranks1.h5 --json >answers.json
"$python" - <<'END_OF_PYTHON' || fail "the answers are not those of a plain simulation"
import json
import numpy as np
found = json.load(open("answers.json"))
fit = {one["name"]: one["estimate"] for one in found["fits"][0]["parameters"]}
truth = {"clearance": (4.0, 0.1), "volume": (70.0, 0.1), "absorption_duration": (5.0, 0.1), "bioavailability": (0.6, 0.1),
         "input_duration": (3.0, 0.1), "omega.clearance": (0.25, 0.3), "omega.volume": (0.25, 0.3),
         "omega.absorption_duration": (0.25, 0.3), "omega.bioavailability": (0.4, 0.4), "omega.input_duration": (0.2, 0.5),
         "error.proportional": (0.08, 0.1)}
assert set(fit) == set(truth), fit
for name, (value, tolerance) in truth.items():
    assert abs(fit[name] / value - 1) < tolerance, (name, fit[name])

random = np.random.default_rng(4)
n = 50000


def drawn(name):
    return fit[name] * np.exp(fit[f"omega.{name}"] * random.normal(size=n))


clearance, volume, over = drawn("clearance"), drawn("volume"), drawn("absorption_duration")
odds = fit["bioavailability"] / (1 - fit["bioavailability"]) * np.exp(fit["omega.bioavailability"] * random.normal(size=n))
share, k = odds / (1 + odds), clearance / volume


def course(times, interval, tablets, doses):
    """C (ng/mL) of 1 mg at times, [time][subject], of so many doses before and at 0."""
    total = np.zeros((len(times), n))
    for j in range(doses):
        since = np.asarray(times)[:, None] + interval * j
        if tablets:
            on = np.clip(since, 0, over)
            total += 1000 * share / over / clearance * (1 - np.exp(-k * on)) * np.exp(-k * np.maximum(since - over, 0))
        else:
            total += 1000 / volume * np.exp(-k * since)
    return total


dense = np.linspace(0, 1, 97)
for regimen, interval, tablets in [("tablets", 12, True), ("bolus", 24, False)]:
    steady = course(dense * interval, interval, tablets, 40)
    early = course(dense * 12, interval, tablets, 1)
    success = {"trough": lambda dose: np.mean(dose * steady[-1] > 500),
               "safe": lambda dose: np.mean(dose * steady.max(axis=0) < 3000),
               "first": lambda dose: np.mean(dose * early.max(axis=0) < 1500)}
    grid = np.arange(10, 601, 10)
    for endpoint, share_of in success.items():
        answer, = [a for a in found["answers"]
                   if (a["regimen"], a["endpoint"], a["method"], a["rule"]) ==
                   (regimen, endpoint, "mechanistic", "mean")]
        meets = [dose for dose in grid if share_of(dose) >= 0.8]
        expected = (meets[0] if endpoint == "trough" else meets[-1]) if meets else None
        dose = answer["dose"]
        assert (dose is None) == (expected is None), (regimen, endpoint, dose, expected)
        assert dose is None or abs(dose - expected) <= 10, (regimen, endpoint, dose, expected)
        if dose is not None:
            assert abs(answer["target_attainment"] - share_of(dose)) < 0.02, (regimen, endpoint, answer, share_of(dose))
END_OF_PYTHON
echo "zero-order absorption and modelled durations: the fit, the doses by other code, the same bits on 1 and 3 ranks"

# What cannot be.
as_it_is=(check --for run --config zero.yaml)
sed 's/,-2,2,/,-2,1,/' trial.csv >depot.csv
expect 2 "an infusion into the depot, which a model of zero-order absorption does not have; expected pk.absorption: first_order" \
  "$titrant" "${as_it_is[@]}" --set data.file=depot.csv
grep -v ',-2,2,' trial.csv >oral.csv
expect 2 "pk.bioavailability: all doses of this trial are absorbed, and their concentrations tell no more than clearances and volumes over" \
  "$titrant" "${as_it_is[@]}" --set data.file=oral.csv --set 'pk.omega.variable=[clearance]'
expect 2 "pk.omega.variable: the model has no parameter absorption_duration" "$titrant" "${as_it_is[@]}" --set pk.absorption=first_order
exit_if_failed
