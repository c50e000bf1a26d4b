#!/usr/bin/env bash
# A trial of a drug with saturable elimination, from the file to the dose: the fit finds what the file was made of, and the answers are those of a
# plain simulation by other code (Runge and Kutta's method with short steps in numpy).
# Usage: saturable.sh TITRANT MPIEXEC SOURCE_FOLDER
set -uo pipefail
# shellcheck source=tests/end_to_end/prologue.bash
source "$(dirname "$0")/prologue.bash"
bound=120
python_has numpy || skip "python3 has no numpy"

cat >body.py <<'END_OF_PYTHON'
import numpy as np


def course(parameters, dose, interval, doses, times, step=0.05):
    """C (ng/mL) at times (multiples of the step), [time][subject], of oral doses (mg) by subject."""
    ka, vmax, km, volume = parameters
    depot, central, found = np.zeros_like(vmax), np.zeros_like(vmax), []
    wanted = {round(t / step) for t in times}

    def slope(a, x):
        c = 1000 * x / volume
        return -ka * a, ka * a - vmax * c / (km + c)

    for i in range(max(wanted) + 1):
        if i in wanted:
            found.append(1000 * central / volume)
        if i % round(interval / step) == 0 and i / round(interval / step) < doses:
            depot = depot + dose
        a1, b1 = slope(depot, central)
        a2, b2 = slope(depot + step / 2 * a1, central + step / 2 * b1)
        a3, b3 = slope(depot + step / 2 * a2, central + step / 2 * b2)
        a4, b4 = slope(depot + step * a3, central + step * b3)
        depot = depot + step / 6 * (a1 + 2 * a2 + 2 * a3 + a4)
        central = central + step / 6 * (b1 + 2 * b2 + 2 * b3 + b4)
    return np.array(found)
END_OF_PYTHON
# One compartment: ka 0.8 1/h, Vmax 20 mg/h, Km 4000 ng/mL, V 50 L; 8 doses of 60, 120 or 180 mg, one every 12 h.
"$python" - <<'END_OF_PYTHON' || fail_now "the trial could not be made"
import numpy as np
from body import course
random = np.random.default_rng(11)
n = 36
truth = np.array([0.8, 20.0, 4000.0, 50.0])
parameters = truth[:, None] * np.ones(n)
for which, omega in [(1, 0.25), (3, 0.2)]:  # random effects of mean 0 and their standard deviation in this very trial
    score = random.normal(size=n)
    parameters[which] *= np.exp(omega * (score - score.mean()) / score.std())
dose = np.array([60.0, 120.0, 180.0])[np.arange(n) % 3]
times = [1, 2.5, 5, 11, 35, 59, 83, 86, 89, 95, 101, 108]
c = course(parameters, dose, 12, 8, times) * (1 + 0.1 * random.normal(size=(len(times), n)))
with open("trial.csv", "w") as file:
    file.write("ID,TIME,AMT,II,ADDL,CMT,DV,EVID\n")
    for i in range(n):
        file.write(f"{i + 1},0,{dose[i]},12,7,1,.,1\n")
        file.writelines(f"{i + 1},{t},.,.,.,2,{value:.6g},0\n" for t, value in zip(times, c[:, i]) if value > 1)
END_OF_PYTHON
cat >saturable.yaml <<'END_OF_YAML'
data: {file: trial.csv}
pk:
  structure: one_compartment
  elimination: michaelis_menten
  error: proportional
  omega: {variable: [maximum_elimination_rate, volume]}
  starts: 1
pd: {structure: none}
regimens:
  tablets: {interval: 12, doses: {from: 10, to: 300, step: 10}}
endpoints:
  trough: {of: concentration, values: latent, at: steady_state, above: 1000, at_trough: true}
  safe: {of: concentration, values: latent, at: steady_state, below: 12000}
  high: {of: concentration, values: latent, at: steady_state, above: 12000}
populations: {all: {}}
targets: [0.8]
cohort: {size: 1000}
classifier: {compare: [logistic]}
training: {subjects: 100, virtual: {steps: 30}}
uncertainty: {source: none}
output: {trajectories: 20}
END_OF_YAML
for ranks in 1 3; do
  timeout "$bound" "$mpiexec" -n "$ranks" "$titrant" run --config saturable.yaml --no-report --output "ranks$ranks.h5" >out 2>&1 ||
    fail_now "exit code $? on $ranks ranks: $(cat out)"
done
grep -q "% of all have no steady state on the dose of tablets that answers high for 80 %" out || fail "the log does not say who has no steady state: $(cat out)"
same_stores ranks1.h5 ranks3.h5 >difference || fail "1 and 3 ranks differ: $(head -n 5 difference)"
"$titrant" inspect ranks1.h5 --json >answers.json
"$python" - <<'END_OF_PYTHON' || fail "the answers are not those of a plain simulation"
import json
import numpy as np
from body import course
found = json.load(open("answers.json"))
parameters = {one["name"]: one for one in found["fits"][0]["parameters"]}
fit = {name: one["estimate"] for name, one in parameters.items()}
truth = {"absorption_rate": 0.8, "maximum_elimination_rate": 20.0, "michaelis_constant": 4000.0, "volume": 50.0,
         "omega.maximum_elimination_rate": 0.25, "omega.volume": 0.2, "error.proportional": 0.1}
assert set(fit) == set(truth), fit
for name, value in truth.items():
    error = parameters[name]["rse"] / 100 * fit[name]
    assert 0 < error < 0.3 * value, (name, parameters[name])
    assert abs(fit[name] - value) < 2 * error, (name, parameters[name])

random = np.random.default_rng(4)
n = 4000
drawn = np.array([fit["absorption_rate"] * np.ones(n),
                  fit["maximum_elimination_rate"] * np.exp(fit["omega.maximum_elimination_rate"] * random.normal(size=n)),
                  fit["michaelis_constant"] * np.ones(n),
                  fit["volume"] * np.exp(fit["omega.volume"] * random.normal(size=n))])
intervals = 40  # after which hardly anybody near the limit is still on the way


def share(endpoint, dose):
    last = (intervals - 1) * 12 + np.linspace(0, 12, 25)
    c = course(drawn, dose * np.ones(n), 12, intervals, last, step=0.25)
    bounded = dose < 12 * drawn[1]
    return np.mean(~bounded | (c[-1] > 1000)) if endpoint == "trough" else np.mean(bounded & (c.max(axis=0) < 12000))


for endpoint in ["trough", "safe"]:
    answer, = [a for a in found["answers"]
               if (a["endpoint"], a["method"], a["rule"]) == (endpoint, "mechanistic", "mean")]
    dose = answer["dose"]
    assert dose is not None, answer
    assert abs(answer["target_attainment"] - share(endpoint, dose)) < 0.04, (answer, share(endpoint, dose))
    beyond = dose - 20 if endpoint == "trough" else dose + 20
    assert share(endpoint, beyond) < 0.8 < share(endpoint, 2 * dose - beyond), (endpoint, dose)
END_OF_PYTHON
echo "saturable elimination: the fit, the doses by other code, the same bits on 1 and 3 ranks"

# The model comes back from its store.
timeout "$bound" "$titrant" simulate --from ranks1.h5 --design trial.csv --seed 3 --output again.csv >out 2>&1 ||
  fail "the stored model cannot be simulated: $(tail -n 5 out)"

# High doses are more than some can eliminate: they are counted, and a trial of such doses leaves their values out.
"$python" - <<'END_OF_PYTHON' || fail "those without a steady state are not counted"
import json
import numpy as np
found = json.load(open("answers.json"))
fit = {one["name"]: one["estimate"] for one in found["fits"][0]["parameters"]}
most = 12 * fit["maximum_elimination_rate"] * np.exp(fit["omega.maximum_elimination_rate"] * np.random.default_rng(5).normal(size=100000))
answered = [answer for answer in found["answers"] if answer["dose"] is not None]
for answer in answered:
    share = np.mean(most <= answer["dose"])
    assert abs(answer["without_steady_state"] - share) < 0.05, (answer, share)  # of 1,000 subjects: three standard errors
assert max(answer["without_steady_state"] for answer in answered) > 0.1, answered
END_OF_PYTHON
expect 0 "all \(tablets\), high 80 %: [0-9]+ % have no steady state on [0-9]+ mg \([a-z]+\); they count as above every limit" "$titrant" inspect ranks1.h5
{
  echo "ID,TIME,AMT,II,SS,CMT,DV,EVID"
  for id in $(seq 1 40); do printf '%s,0,%s,12,1,1,.,1\n%s,3,.,.,.,2,.,0\n' "$id" $((id % 2 ? 200 : 90)) "$id"; done
} >steady.csv
expect 0 "[0-9]+ of 40 subjects have no steady state on their doses, and no observations in the file: [0-9]+, .*no steady state exists" \
  "$titrant" simulate --from ranks1.h5 --design steady.csv --seed 3 --output steady_again.csv
cp out said
timeout "$bound" "$mpiexec" -n 3 "$titrant" simulate --from ranks1.h5 --design steady.csv --seed 3 --output steady_ranks.csv >out 2>&1 ||
  fail "not on 3 ranks: $(tail -n 5 out)"
cmp -s steady_again.csv steady_ranks.csv || fail "trials simulated on 1 and 3 ranks differ"
"$python" - <<'END_OF_PYTHON' || fail "the simulated trial has values of subjects without a steady state, or none of others"
import csv
import re
left_out = int(re.search(r"(\d+) of 40 subjects", open("said").read()).group(1))
rows = list(csv.DictReader(open("steady_again.csv")))
values = [row["ID"] for row in rows if row["EVID"] == "0"]
assert 2 < left_out < 38 and len(values) == 40 - left_out == len(set(values)), (left_out, values)
assert len({row["ID"] for row in rows}) == 40
END_OF_PYTHON
sed 's/,90,12,/,2000,12,/; s/,200,12,/,2000,12,/' steady.csv >too_much.csv
expect 1 "none of its subjects has the steady state that its records ask for" "$titrant" simulate --from ranks1.h5 --design too_much.csv \
  --output none.csv

# What cannot be.
as_it_is=(check --for run --config saturable.yaml)
expect 2 "pk.omega.variable: the model has no parameter clearance" "$titrant" "${as_it_is[@]}" --set 'pk.omega.variable=[clearance]'
expect 2 "pk.omega.variable: the model has no parameter maximum_elimination_rate" "$titrant" "${as_it_is[@]}" --set pk.elimination=linear
expect 2 "pk.flip_flop: refuse, which compares absorption with a rate of elimination" "$titrant" "${as_it_is[@]}" --set pk.flip_flop=refuse
sed '1s/ADDL/ADDL,SS/; 2,$s/,7,1,/,7,2,1,/; 2,$s/,\.,\.,2,/,.,.,.,2,/' trial.csv >superposed.csv
expect 2 "SS 2 adds a steady state to what is in the body, and under saturable elimination" \
  "$titrant" "${as_it_is[@]}" --set data.file=superposed.csv
exit_if_failed
