#!/usr/bin/env bash
# titrant inspect: what it prints is what the files hold, for people and as JSON; whole runs, parts, indices, checkpoints, other files.
# Usage: inspect.sh TITRANT MPIEXEC
set -uo pipefail
# shellcheck source=tests/end_to_end/prologue.bash
source "$(dirname "$0")/prologue.bash"
bound=200
export LC_ALL=C

says() { grep -qE -- "$1" out || fail "no line like '$1': $(cat out)"; }

# json FILE EXPRESSION: it holds for j, what inspect --json says of the file. NaN and infinity are no JSON.
json() {
  timeout "$bound" "$titrant" inspect "$1" --json >out 2>&1 || fail "inspect --json $1: $(cat out)"
  python3 - "$2" <<'END' || fail "inspect --json $1: not $2"
import json, sys
def refuse(word): raise ValueError(word + " is no JSON")
j = json.load(open("out"), parse_constant=refuse)
sys.exit(0 if eval(sys.argv[1]) else 1)
END
}

# numbers FILE DATASET: as the store has them, in one line.
numbers() { h5dump -y -w 0 -d "$2" "$1" | awk '/DATA {/ { on = 1; next } on && /}/ { exit } on' | tr -d ' \n'; }

cat >tiny.yaml <<END
pk: {structure: one_compartment, starts: 1}
pd: {structure: turnover_inhibition, starts: 1, search: {variability: false, parameters: [baseline]}}
training: {on: virtual, subjects: 60, virtual: {steps: 8}, folds: 3, steps: 4}
classifier: {compare: [logistic]}
endpoints:
  control: {of: biomarker, values: measured, hours: [480, 504], below: 3.3}
  course: {of: biomarker, values: latent, hours: [480, 504], below: 3.3}
cohort: {size: 60}
regimens: {daily: {interval: 24, doses: {from: 0.5, to: 12, step: 4}}, weekly: {interval: 168, doses: {from: 5, to: 40, step: 20}}}
uncertainty: {replicates: 3, cohort: 20, subjects: 40, steps: 3}
diagnostics: {simulations: 0}
output: {report: false}
END
quick=(--set pd.structure=none --set training.on=trial --set 'endpoints={control: {of: biomarker, values: measured, hours: [480, 504], below: 3.3}}' --set uncertainty.source=none)
"$mpiexec" -n 2 "$titrant" run --config tiny.yaml --output run.h5 --quiet || exit 1

# 1. A whole run. The doses are so few that no weekly one is enough.
expect 0 "^run.h5: titrant run, complete, " "$titrant" inspect run.h5
cp out text
says "command +titrant run --config tiny.yaml --output run.h5 --quiet"
says "on 2 ranks of "
says "time +[0-9.]+ s in all: "
says "data +the embedded synthetic trial, 48 subjects"
says "pk model +one_compartment, objective"
says "below 3.3 ng/mL"
says "^Lowest dose with control in the target share of each population$"
says "^Rule: mean; 90 % intervals"
says "qcnn +mechanistic$"
says "also by logistic$"
says "also for course$"
says "base +weekly \(mg\) +90 % +none "
says "none: none of the doses meets the target"
says "Contents: $(h5ls -r run.h5 | grep -c ' Dataset ') datasets"
[ "$(grep -cE '^  (base|heavy|no_comed) +(daily|weekly) \(mg\) +(90|75) %' out)" -eq 12 ] || fail "not twelve cells: $(cat out)"
[ "$(grep -c '^Target attainment in the population base, endpoint control$' out)" -eq 2 ] || fail "not two charts: $(cat out)"
! grep -q /provenance/calls/units out || fail "all datasets without --contents"
expect 0 "^run.h5" "$mpiexec" -n 2 "$titrant" inspect run.h5
cmp -s out text || fail "two ranks print something else"

expect 0 "/population/base/daily/qcnn/control/target_attainment +\[3\] +1 +" "$titrant" inspect run.h5 --contents
[ "$(grep -c '^  /' out)" -eq "$(h5ls -r run.h5 | grep -c ' Dataset ')" ] || fail "--contents lists other datasets than there are"
expect 0 "base +daily \(mg\) +control +0.9 +qcnn +mean +rising" "$titrant" inspect run.h5 --answers
rows=$(grep -cE "^  (base|heavy|no_comed) +(daily|weekly) \(mg\) +(control|course) +0\.(9|75) " out)
[ "$rows" -eq "$(h5ls run.h5/decision/row | grep -oE '\{[0-9]+\}' | tr -d '{}')" ] || fail "$rows answers by --answers"
echo "what a run holds, as text"

# 2. The same as JSON: the numbers of the store, and null where there is none.
json run.h5 "j['filetype'] == 'titrant run' and j['complete'] and j['provenance']['ranks'] == 2 and j['subjects'] == 48"
json run.h5 "[a['dose'] for a in j['answers']] == [None if x.lower() == 'nan' else float(x) for x in '$(numbers run.h5 /decision/dose)'.split(',')]"
json run.h5 "None in [a['dose'] for a in j['answers']] and any(a['dose'] for a in j['answers'])"
json run.h5 "[a['upper_is_above_doses'] for a in j['answers']] == [x == 'inf' for x in '$(numbers run.h5 /decision/upper)'.split(',')]"
json run.h5 "[abs(x - float(y)) < 1e-5 for c in j['curves'] if (c['population'], c['regimen'], c['method'], c['endpoint']) == ('heavy', 'daily', 'qcnn', 'course') for x, y in zip(c['target_attainment'], '$(numbers run.h5 /population/heavy/daily/qcnn/course/target_attainment)'.split(','))] == [True] * 3"
json run.h5 "j['settings']['rule'] == 'mean' and __import__('hashlib').sha256(j['settings']['yaml'].encode()).hexdigest() == j['settings']['sha256']"
json run.h5 "len(j['contents']) == $(h5ls -r run.h5 | grep -c ' Dataset ') and [s['stage'] for s in j['provenance']['stages']][:3] == ['data', 'fit', 'pd']"
json run.h5 "[f['group'] for f in j['fits']] == ['pk', 'pd'] and [m['classifier'] for m in j['cross_validation']] == ['logistic', 'qcnn']"
echo "and as JSON"

# 3. Characters and width: of the locale and the terminal.
beyond_ascii() { # variables of the environment: how many lines of the drawing are not plain
  env "$@" "$titrant" inspect run.h5 >out
  grep -c '[^ -~]' out
}
[ "$(beyond_ascii LC_ALL=C LANG=de_DE.utf8)" -eq 0 ] || fail "characters beyond ASCII in the locale C"
[ "$(beyond_ascii LC_ALL= LC_CTYPE=POSIX LANG=de_DE.utf8)" -eq 0 ] || fail "characters beyond ASCII although LC_CTYPE says no"
[ "$(beyond_ascii LC_ALL=C.UTF-8)" -gt 20 ] || fail "no Unicode in a locale of UTF-8"
[ "$(beyond_ascii LC_ALL= LC_CTYPE= LANG=de_DE.utf8)" -gt 20 ] || fail "no Unicode by LANG"
axis() { # of the first chart, in columns
  tr -d '\r' | awk '/^ +\+[-+]+$/ && !found { found = length($0) } END { print found }'
}
[ "$("$titrant" inspect run.h5 | axis)" -eq 80 ] || fail "not 80 columns outside a terminal"
if command -v script >/dev/null; then
  [ "$(script -qec "stty cols 57; '$titrant' inspect run.h5" /dev/null </dev/null | axis)" -eq 57 ] || fail "not the width of the terminal"
fi
echo "drawn in the characters and to the width there are"

# 4. Parts of a run.
"$titrant" fit --config tiny.yaml --output fit.h5 --quiet
expect 0 "^  clearance +L/h +[0-9.]+ +[0-9.]+ +[0-9.]+ \.\. [0-9.]+$" "$titrant" inspect fit.h5
json fit.h5 "j['answers'] == [] and j['curves'] == [] and len(j['fits']) == 2"
"$titrant" evaluate --config tiny.yaml --output evaluate.h5 --quiet
expect 0 "^  qcnn +0\.[0-9]+ +" "$titrant" inspect evaluate.h5
"$titrant" search --config tiny.yaml --set dose.search=bisection "${quick[@]}" --output search.h5 --quiet
expect 0 "^  base +daily \(mg\) +90 %" "$titrant" inspect search.h5
says "Target attainment in the population base"
echo "parts of runs"

# 5. A run that was stopped in its training: by the name of its store or of its checkpoint.
start 2 "$titrant" run --config tiny.yaml --set training.virtual.steps=65536 --output stopped.h5 --checkpoint-every 0.2
until "$titrant" inspect stopped.h5 2>/dev/null | grep -E "stage +Training$" >/dev/null; do
  kill -0 "$launcher" 2>/dev/null || { fail "no checkpoint of the training: $(cat log)" && break; }
  sleep 0.2
done
ranks_of stopped.h5 | xargs --no-run-if-empty kill -s USR1
wait "$launcher"
code=$?
[ "$code" -eq 75 ] || fail "exit code $code after a signal: $(cat log)"
grep -q "titrant resume stopped.h5" log || fail "no word on how to go on: $(cat log)"
for name in stopped.h5 stopped.h5.checkpoint; do
  expect 0 "^stopped.h5.checkpoint: checkpoint of a titrant run that is not complete" "$titrant" inspect $name
  says "command +titrant run --config tiny.yaml --set training.virtual.steps=65536 --output stopped.h5"
  says "stage +Training$"
  says "titrant resume stopped.h5$"
  json $name "j['filetype'] == 'titrant checkpoint' and not j['complete'] and j['stage'] == 'Training' and 0.2 < j['seconds'] < $bound"
done
json stopped.h5 "'steps: 65536' in j['configuration'] and j['to_go_on'] == 'titrant resume stopped.h5'"
cp run.h5 beside.h5
cp stopped.h5.checkpoint beside.h5.checkpoint
expect 0 "^beside.h5: titrant run, complete" "$titrant" inspect beside.h5
says "titrant inspect beside.h5.checkpoint"
head -c 1000 stopped.h5.checkpoint >beside.h5.checkpoint
expect 0 "^beside.h5: titrant run, complete" "$titrant" inspect beside.h5
cp stopped.h5.checkpoint damaged.h5.checkpoint.previous
head -c 1000 stopped.h5.checkpoint >damaged.h5.checkpoint
expect 0 "^damaged.h5.checkpoint.previous: checkpoint" "$titrant" inspect damaged.h5
says "WARNING +damaged.h5.checkpoint is damaged|WARNING .*damaged"
echo "checkpoints, whole and damaged"

# 6. The index of a campaign.
"$titrant" campaign plan --config tiny.yaml "${quick[@]}" --folder campaign --seeds 1-3 --no-timing --quiet >/dev/null
for member in 1 3; do "$titrant" campaign run --folder campaign --member $member --quiet || fail "member $member"; done
"$titrant" campaign gather --folder campaign --partial >out 2>&1 || fail "gather: $(cat out)"
expect 0 "^campaign/campaign.h5: titrant campaign, complete" "$titrant" inspect campaign/campaign.h5
says "members +2 of 3$"
! grep -q "repeats them" out || fail "an index repeats nothing"
says "base +daily +control +0.9 +qcnn +mean +lowest +2 "
json campaign/campaign.h5 "j['planned_members'] == 3 and j['members'] == ['member_0001', 'member_0003'] and j['answers'][0]['members'] == 2"
json campaign/campaign.h5 "[a['median'] for a in j['answers']] == [None if x == 'inf' else float(x) for x in '$(numbers campaign/campaign.h5 /decision/median)'.split(',')]"
echo "an index of a campaign"

# 7. What cannot be inspected.
expect 2 "inspect: missing argument RUN.h5; usage: titrant inspect RUN.h5" "$titrant" inspect
expect 2 "absent.h5: there is no such file" "$titrant" inspect absent.h5
expect 2 "absent.h5.checkpoint: there is no such file" "$titrant" inspect absent.h5.checkpoint
expect 1 "tiny.yaml" "$titrant" inspect tiny.yaml
echo nonsense >torn.h5.checkpoint
expect 1 "torn.h5.checkpoint" "$titrant" inspect torn.h5
head -c 20000 run.h5 >cut.h5
expect 1 "cut.h5" "$titrant" inspect cut.h5
echo "other files are refused by name"

# 8. A terminal prints what a store says, and does not obey it.
if python_has h5py; then
  cp run.h5 escapes.h5
  "$python" - <<'END'
import h5py
import numpy as np

with h5py.File("escapes.h5", "r+") as run:
    for path, text in (("/provenance/command", "titrant \x1b]0;owned\x07"), ("/config/resolved", "data: {file: \"\\e[2J\"}")):
        attributes = dict(run[path].attrs)
        del run[path]
        run[path] = np.array(text.encode(), dtype=h5py.string_dtype("utf-8", len(text)))
        run[path].attrs.update(attributes)
    run["/pk"].attrs["structure"] = "one\x9b31m"
    run["/trial/dose"].attrs["long_name"] = "dose\x1b[31m"
END
  expect 0 "^  command +titrant \?]0;owned\?$" "$titrant" inspect escapes.h5 --contents
  says "^  data +\?\[2J"
  says "^  pk model +one\?\?31m"
  says "dose\?\[31m"
  ! tr -d '\n\r' <out | grep '[[:cntrl:]]' >/dev/null || fail "control characters reach the terminal"
  echo "texts of a store do not reach the terminal as commands"
fi

exit_if_failed
