#!/usr/bin/env bash
# A trial of infusions without a biomarker, from its file to the dose: the fit finds what the file was made of, and the answers on boluses and
# infusions are those of a plain simulation by other code. What the trial tells nothing of is refused.
# Usage: routes.sh TITRANT MPIEXEC SOURCE_FOLDER
set -uo pipefail
# shellcheck source=tests/end_to_end/prologue.bash
source "$(dirname "$0")/prologue.bash"
bound=120
python_has numpy || skip "python3 has no numpy"

# One compartment (CL 4 L/h, V 70 L, both 30 % variable), an infusion of 2 h and a bolus a day later, 10 % error.
"$python" - <<'END' || fail_now "the trial could not be made"
import numpy as np
random = np.random.default_rng(3)
times = [0.5, 1.0, 2.0, 3.0, 6.0, 12.0, 23.5, 24.5, 28.0, 36.0, 47.0]
with open("trial.csv", "w") as file:
    file.write("ID,TIME,AMT,RATE,DV,EVID\n")
    for subject in range(1, 61):
        amount = 100.0 if subject % 2 else 200.0
        clearance, volume = 4.0 * np.exp(0.3 * random.normal()), 70.0 * np.exp(0.3 * random.normal())
        k = clearance / volume
        rows = [(0.0, f"{subject},0,{amount},{amount / 2},.,1\n"), (24.0, f"{subject},24,{amount},0,.,1\n")]
        for t in times:
            on = min(t, 2.0)
            c = amount / 2 / clearance * (1 - np.exp(-k * on)) * np.exp(-k * (t - on))
            c += amount / volume * np.exp(-k * (t - 24)) if t >= 24 else 0
            rows.append((t, f"{subject},{t},.,0,{1000 * c * (1 + 0.1 * random.normal()):.6g},0\n"))
        file.writelines(text for _, text in sorted(rows, key=lambda row: row[0]))
END
cat >iv.yaml <<'END'
data: {file: trial.csv}
pk: {structure: one_compartment, error: proportional, starts: 1}
pd: {structure: none}
regimens:
  bolus: {interval: 24, doses: {from: 10, to: 400, step: 10}, route: bolus}
  infused: {interval: 12, doses: {from: 10, to: 400, step: 10}, route: infusion, duration: 3}
  overlapping: {interval: 12, doses: {from: 10, to: 400, step: 10}, route: infusion, duration: 18}
endpoints:
  trough: {of: concentration, values: latent, at: steady_state, above: 500, at_trough: true}
  safe: {of: concentration, values: latent, at: steady_state, below: 4000}
  first: {of: concentration, values: latent, hours: [0, 12], below: 2000}
populations: {all: {}}
targets: [0.8]
cohort: {size: 10000}
classifier: {compare: [logistic]}
training: {subjects: 100, virtual: {steps: 30}}
uncertainty: {source: none}
output: {trajectories: 50}
END
for ranks in 1 3; do
  timeout "$bound" "$mpiexec" -n "$ranks" "$titrant" run --config iv.yaml --no-report --quiet --output "ranks$ranks.h5" >out 2>&1 ||
    fail_now "exit code $? on $ranks ranks: $(cat out)"
done
same_stores ranks1.h5 ranks3.h5 >difference || fail "1 and 3 ranks differ: $(head -n 5 difference)"
"$titrant" inspect ranks1.h5 --json >answers.json
"$python" - <<'END' || fail "the answers are not those of a plain simulation"
import json
import numpy as np
found = json.load(open("answers.json"))
fit = {one["name"]: one["estimate"] for one in found["fits"][0]["parameters"]}
assert set(fit) == {"clearance", "volume", "omega.clearance", "omega.volume", "error.proportional"}, fit
for name, truth, tolerance in [("clearance", 4.0, 0.15), ("volume", 70.0, 0.15), ("omega.clearance", 0.3, 0.25),
                               ("omega.volume", 0.3, 0.25), ("error.proportional", 0.1, 0.1)]:
    assert abs(fit[name] / truth - 1) < tolerance, (name, fit[name])

random = np.random.default_rng(4)
n = 50000
clearance = fit["clearance"] * np.exp(fit["omega.clearance"] * random.normal(size=n))
k = clearance / (fit["volume"] * np.exp(fit["omega.volume"] * random.normal(size=n)))


def course(times, interval, duration, doses):
    """C (ng/mL) of 1 mg at times, [time][subject], of so many doses before and at 0."""
    total = np.zeros((len(times), n))
    for j in range(doses):
        since = np.asarray(times)[:, None] + interval * j
        if duration == 0:
            total += 1000 * k / clearance * np.exp(-k * since)
        else:
            on = np.clip(since, 0, duration)
            total += 1000 / duration / clearance * (1 - np.exp(-k * on)) * np.exp(-k * np.maximum(since - duration, 0))
    return total


dense = np.linspace(0, 1, 49)
for regimen, interval, duration in [("bolus", 24, 0), ("infused", 12, 3), ("overlapping", 12, 18)]:
    steady = course(dense * interval, interval, duration, 60)
    early = course(dense * 12, interval, duration, 1)
    success = {"trough": lambda dose: np.mean(dose * steady[-1] > 500),
               "safe": lambda dose: np.mean(dose * steady.max(axis=0) < 4000),
               "first": lambda dose: np.mean(dose * early.max(axis=0) < 2000)}
    grid = np.arange(10, 401, 10)
    for endpoint, share in success.items():
        answer, = [a for a in found["answers"]
                   if (a["regimen"], a["endpoint"], a["method"], a["rule"]) ==
                   (regimen, endpoint, "mechanistic", "mean")]
        meets = [dose for dose in grid if share(dose) >= 0.8]
        expected = (meets[0] if endpoint == "trough" else meets[-1]) if meets else None
        dose = answer["dose"]
        assert (dose is None) == (expected is None), (regimen, endpoint, dose, expected)
        assert dose is None or abs(dose - expected) <= 10, (regimen, endpoint, dose, expected)
        if dose is not None:
            assert abs(answer["target_attainment"] - share(dose)) < 0.02, (regimen, endpoint, answer, share(dose))
END
echo "infusions without a biomarker: the fit, the doses by other code, the same bits on 1 and 3 ranks"

# What this trial tells nothing of.
oral=(check --for run --config iv.yaml --set)
expect 2 "regimens.bolus.route: the trial has intravenous doses alone, which tell nothing of absorption; write route: bolus" \
  "$titrant" "${oral[@]}" regimens.bolus.route=oral
expect 2 "pk.lag: no dose of this trial is absorbed" "$titrant" "${oral[@]}" pk.lag=true
expect 2 "endpoints.control: is of a biomarker that is not fitted" "$titrant" "${oral[@]}" \
  'endpoints.control={of: biomarker, values: latent, at: steady_state, below: 3}'
exit_if_failed
