#!/usr/bin/env bash
# Trials simulated from a fitted model: another design, of which a fit finds the model again; the same bits on any number of ranks; uncertainty,
# mixtures, typical subjects and limits of quantification; and what is refused.
# Usage: simulate.sh TITRANT MPIEXEC SOURCE_FOLDER
set -uo pipefail
# shellcheck source=tests/end_to_end/prologue.bash
source "$(dirname "$0")/prologue.bash"
bound=300
python_has "h5py, numpy" || skip "python3 has no h5py or numpy"

fit() { # STORE OPTION...
  local store=$1
  shift
  timeout "$bound" "$titrant" fit --quiet --set 'pk={structure: two_compartment, starts: 1}' --set diagnostics.simulations=0 \
    --set 'pd={structure: turnover_inhibition, search: {enabled: false, variability: false}, starts: 1}' --output "$store" "$@" >said 2>&1 ||
    fail_now "no fit $store: $(tail -n 5 said)"
}

"$titrant" simulate --set seed=11 --output trial.csv >said 2>&1 || fail_now "no trial: $(cat said)"
fit fitted.h5 --set data.file=trial.csv

# Another design: 120 subjects on two loading doses and twice daily, with fewer samples of which the values are not known. DV is not there at all.
"$python" - <<'END_OF_PYTHON' || fail_now "no design"
import random
random.seed(5)
with open("design.csv", "w") as file:
    file.write("ID,BW,COMED,TIME,AMT,EVID,CMT,DVID,II,ADDL\n")
    for subject in range(1, 121):
        dose, weight = random.choice([2, 5, 12]), random.randint(50, 110)
        head = f"{subject},{weight},{subject % 2}"
        rows = [(0, 1, f"{head},0,{2 * dose},1,1,0,0,0"), (12, 1, f"{head},12,{dose},1,1,0,12,27")]
        rows += [(t, 0, f"{head},{t},.,0,2,1,0,0") for t in (0.5, 1.5, 4, 8, 30, 100, 171, 250, 338, 340, 360, 420)]
        rows += [(t, 0, f"{head},{t},.,0,3,2,0,0") for t in (0, 24, 72, 168, 336, 400, 500)]
        file.writelines(text + "\n" for _, _, text in sorted(rows, key=lambda row: row[:2]))
END_OF_PYTHON
for ranks in 1 3; do
  timeout "$bound" "$mpiexec" -n "$ranks" "$titrant" simulate --from fitted.h5 --design design.csv --seed 3 --output "ranks$ranks.csv" >said 2>&1 ||
    fail_now "exit code $? on $ranks ranks: $(cat said)"
done
cmp ranks1.csv ranks3.csv || fail "1 and 3 ranks differ"
"$titrant" simulate --from fitted.h5 --design design.csv --seed 3 2>said >printed.csv || fail "nothing on standard output: $(cat said)"
cmp ranks1.csv printed.csv || fail "standard output and file differ"
fit again.h5 --set data.file=ranks1.csv
"$python" - <<'END_OF_PYTHON' || fail "the fit of the simulated trial is not the model that it was simulated from"
import h5py
import numpy as np
with h5py.File("fitted.h5") as truth, h5py.File("again.h5") as found:
    assert found["trial/subject"].shape == (120,)
    inside, compared = 0, 0
    for group in ("pk", "pd"):
        names = truth[group]["parameter"].asstr()[:].tolist()
        assert names == found[group]["parameter"].asstr()[:].tolist()
        true, estimate = truth[group]["estimate"][:], found[group]["estimate"][:]
        low, high, error = (found[group][name][:] for name in ("ci_lower", "ci_upper", "standard_error"))
        for k, name in enumerate(names):
            if found[group]["fixed"][k]:
                assert true[k] == estimate[k], name
                continue
            if not np.isfinite(error[k]):  # held at a bound: the data do not need it
                continue
            compared += 1
            inside += low[k] <= true[k] <= high[k]
            assert abs(estimate[k] - true[k]) < 4 * error[k], (name, true[k], estimate[k], error[k])
    # 95 % intervals: of 19 numbers fewer than 15 happens once in 1,000.
    print(f"{inside} of {compared} numbers inside their 95 % intervals")
    assert compared >= 15 and inside >= compared - 4, (inside, compared)
END_OF_PYTHON

# Replicates: each is a trial of its own, the first is that of one replicate, and the file can be read by one or as a whole.
"$titrant" simulate --from fitted.h5 --design design.csv --seed 3 --replicates 3 --output replicates.csv >said 2>&1 || fail "replicates: $(cat said)"
expect 0 "120 subjects" "$titrant" check --for fit --set data.file=replicates.csv --set "data.where=REP == 2"
expect 0 "360 subjects" "$titrant" check --for fit --set data.file=replicates.csv --set data.columns.id=SUBJECT
expect 2 "not in one block" "$titrant" check --for fit --set data.file=replicates.csv
# Typical subjects, uncertain ones, a mixture with a model of half the clearance, and limits of quantification.
"$titrant" simulate --from fitted.h5 --design design.csv --typical --output typical.csv >said 2>&1 || fail "typical: $(cat said)"
"$titrant" simulate --from fitted.h5 --design design.csv --replicates 40 --output certain.csv >said 2>&1 || fail "replicates: $(cat said)"
"$titrant" simulate --from fitted.h5 --design design.csv --replicates 40 --uncertainty --output uncertain.csv >said 2>&1 || fail "uncertainty: $(cat said)"
half=$("$python" -c 'import h5py; s = h5py.File("fitted.h5"); print(s["pk/estimate"][s["pk/parameter"].asstr()[:].tolist().index("clearance")] / 2)')
fit slow.h5 --set data.file=trial.csv --set "pk.fixed={clearance: $half}"
"$titrant" simulate --from fitted.h5 --design design.csv --mix slow.h5:0.3 --replicates 20 --output mixed.csv >said 2>&1 || fail "mixture: $(cat said)"
"$titrant" simulate --from fitted.h5 --design design.csv --lloq 2.5 --output limited.csv >said 2>&1 || fail "lloq: $(cat said)"
"$python" - <<'END_OF_PYTHON' || fail "simulated values"
import csv
import numpy as np


def read(name):
    with open(name) as file:
        return list(csv.DictReader(file))


def observed(rows, dvid="1"):
    return [row for row in rows if row["EVID"] == "0" and row["DVID"] == dvid]


def column(rows, name):
    return np.array([float(row[name]) for row in rows])


one, several = read("ranks1.csv"), read("replicates.csv")
first = [row for row in several if row["REP"] == "1"]
assert len(several) == 3 * len(one) and [row["DV"] for row in first] == [row["DV"] for row in one]
assert [row["ID"] for row in first] == [row["ID"] for row in one]
assert len({row["SUBJECT"] for row in several}) == 360
second = [row for row in several if row["REP"] == "2"]
assert [row["PRED"] for row in first] == [row["PRED"] for row in second] and [row["DV"] for row in first] != [row["DV"] for row in second]
design = read("design.csv")
assert [row["TIME"] for row in one if row["EVID"] == "1"] == [row["TIME"] for row in design if row["EVID"] == "1"]
assert len(observed(one)) == 120 * 12 and len(observed(one, "2")) == 120 * 7
assert all(row["PRED"] == "." for row in one if row["EVID"] == "1")

typical = observed(read("typical.csv"))
assert (column(typical, "DV") == column(typical, "PRED")).all() and (column(typical, "DV") == column(typical, "IPRED")).all()
assert (column(typical, "PRED") == column(observed(one), "PRED")).all()

# Uncertainty: without it the typical prediction is the same in all replicates, with it it is not.
spread = {}
for name in ("certain", "uncertain"):
    rows = [row for row in observed(read(f"{name}.csv")) if row["TIME"] == "360"]
    by_replicate = np.log(column(rows, "PRED")).reshape(40, 120)
    spread[name] = np.ptp(by_replicate, axis=0).max()
assert spread["certain"] == 0 and 0.05 < spread["uncertain"] < 1, spread

# The share of the second model, its standard error 0.0094; its subjects, at half the clearance, have higher predictions.
mixed = observed(read("mixed.csv"))
last = [row for row in mixed if row["TIME"] == "420"]
of_second = np.array([row["MODEL"] == "2" for row in last])
assert len(last) == 2400 and abs(of_second.mean() - 0.3) < 0.03, of_second.mean()
certain = column([row for row in observed(read("certain.csv")) if row["TIME"] == "420"][:2400], "PRED")
ratio = column(last, "PRED") / certain
assert (ratio[~of_second] == 1).all() and (ratio[of_second] > 1.2).all(), ratio

# Values below the limit are 2.5, censored; the others are those of a trial without one, as far as no value was drawn again.
limited = observed(read("limited.csv"))
censored = column(limited, "CENS") == 1
assert 0.02 < censored.mean() < 0.9 and (column(limited, "DV")[censored] == 2.5).all() and (column(limited, "DV")[~censored] >= 2.5).all()
assert (column(limited, "LLOQ") == 2.5).all()
END_OF_PYTHON
expect 0 "censored" "$titrant" check --for fit --set data.file=limited.csv

# 2,000 subjects of 49 values take seconds.
"$python" - <<'END_OF_PYTHON' || fail_now "no large design"
with open("large.csv", "w") as file:
    file.write("ID,BW,COMED,TIME,AMT,EVID,DVID,II,ADDL,DV\n")
    for subject in range(1, 2001):
        file.write(f"{subject},70,{subject % 2},0,5,1,0,24,20,.\n")
        file.writelines(f"{subject},70,{subject % 2},{t},.,0,{1 + t % 2},0,0,.\n" for t in range(1, 50))
END_OF_PYTHON
begin=$SECONDS
"$titrant" simulate --from fitted.h5 --design large.csv --output large_out.csv >said 2>&1 || fail "large design: $(cat said)"
((SECONDS - begin <= 30)) || fail "2,000 subjects took $((SECONDS - begin)) s"

# What is refused, and what would be right.
refused() { # PATTERN OPTION...
  local pattern=$1
  shift
  expect 2 "$pattern" "$titrant" simulate --output refused.csv "$@"
  [[ ! -e refused.csv ]] || fail "a refused simulation has an output: $*"
}
from=(--from fitted.h5 --design design.csv)
cut -d, -f1,3- design.csv >no_weight.csv
awk -F, 'NR == 1 || $6 == 1' design.csv >no_observations.csv
awk -F, -v OFS=, 'NR > 1 && $6 == 1 { $7 = 2 } { print }' design.csv >intravenous.csv
awk -F, '$8 != 2' design.csv >concentrations.csv
echo "no store" >text.h5
timeout "$bound" "$titrant" fit --quiet --set data.file=trial.csv --set pk.structure=one_compartment --set pk.starts=1 --set pd.structure=none \
  --set diagnostics.simulations=0 --output pk_alone.h5 >said 2>&1 || fail_now "no fit without biomarker: $(tail -n 5 said)"
refused "Missing required option --design DESIGN.csv" --from fitted.h5
refused "nowhere.csv: there is no such file" --from fitted.h5 --design nowhere.csv
refused "nowhere.h5: there is no such file" --from nowhere.h5 --design design.csv
refused "text.h5.*(HDF5|store)" --from text.h5 --design design.csv
refused "--design: needs fitted models; expected --from RUN.h5" --design design.csv
refused "--replicates: needs fitted models; expected --from RUN.h5" --replicates 2
refused "--subjects: is of the embedded trial" "${from[@]}" --subjects 5
refused "--replicates: expected at least 1" "${from[@]}" --replicates 0
refused "no weight, on which clearance of fitted.h5 depends; add the column BW, or name .*data.covariates.weight=COLUMN" --from fitted.h5 --design no_weight.csv
refused "no subject has observations; expected records with EVID 0" --from fitted.h5 --design no_observations.csv
refused "has an intravenous dose, and fitted.h5 was fitted to absorbed doses alone" --from fitted.h5 --design intravenous.csv
refused "pk_alone.h5 has no model of a biomarker; leave these records out with data.ignore" --from pk_alone.h5 --design design.csv
refused "pk_alone.h5 has no model of a biomarker" "${from[@]}" --mix pk_alone.h5:0.5
refused "no column 'WEIGHT_KG'" "${from[@]}" --set "data.covariates={weight: WEIGHT_KG}"
refused "is in mg, ug/mL and ng/mL .data.units., and fitted.h5 was fitted in mg, ng/mL and ng/mL" "${from[@]}" --set data.units.concentration=ug/mL
refused "--mix slow.h5:1: the share is '1'; expected above 0 and below 1" "${from[@]}" --mix slow.h5:1
refused "--mix slow.h5: expected OTHER.h5:SHARE" "${from[@]}" --mix slow.h5
refused "--lloq low: expected a limit above 0 in ng/mL, or design" "${from[@]}" --lloq low
refused "--lloq design: design.csv has no limits of quantification" "${from[@]}" --lloq design
refused "expected at most|ask for fewer, or in several files" "${from[@]}" --replicates 1000000
cp design.csv exists.csv
expect 2 "exists.csv.*--force" "$titrant" simulate "${from[@]}" --output exists.csv
cmp -s design.csv exists.csv || fail "a file was replaced without --force"
# A trial without a biomarker, from a design of concentrations alone.
expect 0 "120 subjects" "$titrant" simulate --from pk_alone.h5 --design concentrations.csv --output refused.csv

exit_if_failed
echo "simulated trials: the model found again, the same bits on 1 and 3 ranks, uncertainty, mixtures and limits as they should be"
