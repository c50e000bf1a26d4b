#!/usr/bin/env bash
# A question is data: configs/regimens.yaml asks others than the embedded trial's and gets the same bits on any number of ranks and after a
# kill; a regimen of the trial is what its doses are, however they are written; no code knows the words of one question.
# Usage: protocol.sh TITRANT MPIEXEC SOURCE_FOLDER
set -uo pipefail
# shellcheck source=tests/end_to_end/prologue.bash
source "$(dirname "$0")/prologue.bash"
bound=200

same() { # two stores
  same_stores "$1" "$2" >difference || fail "$1 and $2 differ: $(head -n 5 difference)"
}

# 1. Five regimens, four endpoints and three populations with fewer subjects: bits, ranks, a kill.
small=(--config "$source/configs/regimens.yaml" --set cohort.size=60 --set training.subjects=80 --set training.virtual.steps=20
  --set output.trajectories=20 --set diagnostics.simulations=4 --no-report --quiet)
for ranks in 1 2 3 4 8; do
  timeout "$bound" "$mpiexec" -n "$ranks" "$titrant" run "${small[@]}" --output "ranks$ranks.h5" || fail "exit code $? on $ranks ranks"
done
for ranks in 2 3 4 8; do same ranks1.h5 "ranks$ranks.h5"; done
"$titrant" inspect ranks1.h5 --json >asked.json
python3 - <<'END' || fail "other questions than those of the configuration"
import itertools
import json

answers = json.load(open("asked.json"))["answers"]
asked = {(a["population"], a["regimen"], a["endpoint"], a["target"]) for a in answers}
assert asked == set(itertools.product(["base", "observed", "renal"], ["daily", "twice", "loaded", "by_weight", "fortnightly"],
                                      ["control", "steady", "safe", "window"], [0.9])), asked
assert {a["method"] for a in answers} == {"qcnn", "logistic", "mechanistic"}, answers
of = {a["endpoint"]: a["direction"] for a in answers if a["method"] == "mechanistic"}
assert of == {"control": "rising", "steady": "rising", "safe": "falling", "window": "window"}, of
assert sum(a["dose"] is not None for a in answers) > len(answers) / 4, "hardly a dose among the answers"
END
echo "five regimens, four endpoints and three populations: the same bits on 1, 2, 3, 4 and 8 ranks"

# What is stored of virtual subjects belongs together: a course stays below the limit from the subject's own dose on and not before, and
# covariates are what the population says.
if python_has "h5py, numpy"; then
  "$python" - <<'END' || fail "courses, doses and covariates of virtual subjects"
import h5py

with h5py.File("ranks2.h5") as store:
    seen = {"met": 0, "missed": 0}
    for population in store["population"].values():
        for regimen in population.values():
            largest = regimen["biomarker"][:].max(axis=2)  # [subject][dose], at the midpoints of 64 pieces of an interval
            least = regimen["mechanistic/steady/success_from"][:]
            assert len(least) == len(largest) == 20, regimen.name
            doses = regimen["dose"][:]
            for subject in range(20):
                met = doses >= least[subject]
                assert (largest[subject][met] < 3.3).all(), (regimen.name, subject)
                assert (largest[subject][doses < 0.99 * least[subject]] > 0.995 * 3.3).all(), (regimen.name, subject)
                seen["met"] += met.sum()
                seen["missed"] += (~met).sum()
    assert min(seen.values()) > 1000, seen
    base = store["population/base/daily/covariate"]
    assert set(base) == {"weight", "comed"} and 50 <= base["weight"][:].min() < base["weight"][:].max() <= 100, list(base)
    assert set(base["comed"][:]) == {0.0, 1.0}
    trial = set(zip(store["trial/weight"][:], store["trial/comed"][:]))
    observed = store["population/observed/daily/covariate"]
    rows = list(zip(observed["weight"][:], observed["comed"][:]))
    assert set(rows) <= trial and min(weight for weight, _ in rows) >= 60, "rows that no subject of the trial has"
END
  echo "courses of virtual subjects meet the limit on the doses that their ranges hold"
fi

start 2 "$titrant" run "${small[@]}" --output killed.h5 --checkpoint-every 0
wait_for killed.h5.checkpoint.previous || fail "over before it could be killed: $(cat log)" # of a stage behind the first
ranks_of killed.h5 | xargs --no-run-if-empty kill -s KILL
wait "$launcher"
[ ! -e killed.h5 ] || fail "the run was done before it was killed"
timeout "$bound" "$mpiexec" -n 3 "$titrant" resume killed.h5 --no-report >log 2>&1 || fail "exit code $? of resume: $(cat log)"
grep -q "Going on from a checkpoint" log || fail "resume began anew: $(cat log)"
same ranks1.h5 killed.h5
echo "killed on 2 ranks and resumed on 3: the same bits"

# 2. Every daily dose of a trial as two halves, 12 h apart: as one record with additional doses, and written out.
"$titrant" simulate --subjects 6 --output simulated.csv >/dev/null || fail "simulate"
python3 - <<'END' || fail "the two files"
import csv

rows = list(csv.DictReader(open("simulated.csv")))
columns = [*rows[0], "ADDL", "II"]
few, all_of_them = [], []
for subject in dict.fromkeys(row["ID"] for row in rows):
    own = [row | {"ADDL": "0", "II": "0"} for row in rows if row["ID"] == subject]
    observed = [row for row in own if row["EVID"] == "0"]
    doses = [row for row in own if row["EVID"] == "1"]
    assert [float(row["TIME"]) for row in doses] == [24.0 * day for day in range(len(doses))], subject
    halves = [row | {"TIME": repr(float(row["TIME"]) + later), "AMT": repr(float(row["AMT"]) / 2)}
              for row in doses for later in (0.0, 12.0)]
    by_time = lambda row: float(row["TIME"])
    all_of_them += sorted(observed + halves, key=by_time)
    few += sorted(observed + [half | {"ADDL": str(len(halves) - 1), "II": "12"} for half in halves[:1]], key=by_time)
for name, records in (("few.csv", few), ("written.csv", all_of_them)):
    with open(name, "w", newline="") as file:
        out = csv.DictWriter(file, columns)
        out.writeheader()
        out.writerows(records)
assert len(written := all_of_them) > len(few) + 500, (len(written), len(few))
END
cat >twice.yaml <<'END'
pk: {structure: one_compartment, starts: 1}
pd: {structure: turnover_inhibition, starts: 1, search: {enabled: false, variability: false}}
regimens:
  twice: {interval: 12, doses: [0.5, 1, 2.5, 5, 10]}
  loaded: {interval: 12, doses: [0.5, 1, 2.5, 5, 10], loading: {factor: 1, doses: 5}}
  doubled: {interval: 12, doses: [0.5, 1, 2.5, 5, 10], loading: {factor: 2, doses: 5}}
endpoints:
  control: {of: biomarker, values: measured, hours: [480, 504], below: 3.3}
  early: {of: biomarker, values: latent, hours: [24, 48], below: 8}
  steady: {of: biomarker, values: latent, at: steady_state, below: 3.3}
populations: {observed: {from: trial}}
targets: [0.5]
classifier: {compare: [logistic]}
training: {on: [virtual, trial], subjects: 60, steps: 6, folds: 2, virtual: {steps: 8}}
cohort: {size: 100}
uncertainty: {source: none}
diagnostics: {simulations: 0}
output: {report: false}
END
for name in few written; do
  timeout "$bound" "$titrant" run --config twice.yaml --set data.file=$name.csv --output $name.h5 --quiet || fail "run of $name.csv"
done
same_stores --exclude-path /config few.h5 written.h5 >difference ||
  fail "doses in one record and written out differ: $(head -n 5 difference)"
"$titrant" inspect few.h5 --json >few.json
python3 - <<'END' || fail "loading doses"
import json

curves = {(c["regimen"], c["endpoint"]): c["target_attainment"]
          for c in json.load(open("few.json"))["curves"] if c["method"] == "mechanistic"}
for endpoint in ("early", "steady"):
    assert curves["loaded", endpoint] == curves["twice", endpoint], f"five doses, once as loading doses: {endpoint}: {curves}"
assert curves["doubled", "steady"] == curves["twice", "steady"], f"loading doses at steady state: {curves}"
assert sum(curves["doubled", "early"]) > sum(curves["twice", "early"]), f"doubled doses do no more: {curves}"
END
echo "twice a day: the same bits from one record and from doses written out; loading doses are doses"

# 3. No code knows the words and numbers of one question.
python3 - "$source" <<'END' || fail "words of one question in the code"
import re
import sys
from pathlib import Path

source = Path(sys.argv[1])
words = re.compile(r"(?<![\w.])(?:daily|weekly|comed|heavy|body_weight|day_21|(?:480|504)(?:\.0*)?|3\.30*)(?!\w|\.\d)")
embedded = "src/trial/synthetic_trial.cpp"  # the embedded trial and what is asked of it by default
# Messages that show a line to write are examples and no knowledge: those on keys of earlier versions, and on a configuration without
# endpoints.
shown = {"src/run/settings/describe.cpp": r's\.replaced\(.*?\);\n', "src/run/check.cpp": r'throw ConfigError\(\s*"endpoints: .*?\);\n'}
kinds = {".cpp": "c", ".hpp": "c", ".in": "c", ".py": "hash", ".sh": "hash", ".cmake": "hash", ".txt": "hash", "": "hash", ".js": "c",
         ".css": "c", ".html": "", ".toml": "hash"}
found, searched = [], 0
for file in sorted(f for part in ("src", "include", "tools") for f in (source / part).rglob("*") if f.is_file()):
    name = str(file.relative_to(source))
    if name == embedded or file.suffix not in kinds or "/tests/" in name or "__pycache__" in name:
        continue
    text = file.read_text()
    if name in shown:
        text = re.sub(shown[name], "", text, flags=re.DOTALL)
    if kinds[file.suffix] == "c":
        text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
        text = re.sub(r"(?<!:)//.*", "", text)
    elif kinds[file.suffix] == "hash":
        text = re.sub(r"(?:^|(?<=\s))#.*", "", text, flags=re.MULTILINE)
    searched += 1
    found += [f"{name}: '{word}'" for word in words.findall(text)]
assert searched > 300, f"only {searched} files"
assert len(words.findall((source / embedded).read_text())) > 10, "the search finds nothing where the words are"
print("\n".join(found) or f"none of the words in {searched} files of src, include and tools")
sys.exit(bool(found))
END

exit_if_failed
