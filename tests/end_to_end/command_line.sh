#!/usr/bin/env bash
# What the program says of itself: every command and action has help with an example, every example works as it stands, and manual page and
# completions are made of the same. Usage: command_line.sh TITRANT MPIEXEC SOURCE_FOLDER
set -uo pipefail
# shellcheck source=tests/end_to_end/prologue.bash
source "$(dirname "$0")/prologue.bash"

show() { [[ ! -s said ]] || tail -n 20 said; }

# The examples are for work of hours. `titrant` of the path adds options that make it small; their own words stay as they are.
mkdir bin configs
ln -s "$titrant" bin/program
ln -s "$(command -v "$mpiexec")" bin/mpiexec
cat >bin/titrant <<'END'
#!/usr/bin/env bash
small=(--set 'pk={structure: one_compartment, starts: 1}' --set pd.structure=none --set training.on=trial --set training.steps=6
  --set classifier.compare='[]' --set cohort.size=30
  --set 'regimens={daily: {interval: 24, doses: {from: 0.5, to: 40, step: 8}}, weekly: {interval: 168, doses: {from: 5, to: 300, step: 80}}}' --set uncertainty.source=none
  --set diagnostics.simulations=2)
case $1 in
  fit | evaluate | train | search) exec program "$@" "${small[@]}" ;;
  run) exec program "$@" "${small[@]}" --no-report ;;
  device)
    # Fewer subjects, and counts of the circuits where an example imports them.
    [[ $2 == import ]] || exec program "$@" --subjects 5 --calibration 3 --layouts 3
    python3 "$device_counts" program circuits counts.json && exec program "$@"
    ;;
  *) exec program "$@" ;;
esac
END
chmod +x bin/titrant
PATH=$folder/bin:$PATH
export device_counts=$source/tests/end_to_end/device_counts.py
cat >configs/challenge.yaml <<'END'
pk: {structure: one_compartment, starts: 1}
pd: {structure: none}
endpoints: {control: {of: biomarker, values: measured, hours: [480, 504], below: 3.3}}
training: {on: trial, steps: 6}
classifier: {compare: []}
cohort: {size: 30}
regimens: {daily: {interval: 24, doses: {from: 0.5, to: 40, step: 8}}, weekly: {interval: 168, doses: {from: 5, to: 300, step: 80}}}
uncertainty: {source: none}
diagnostics: {simulations: 2}
END
cp configs/challenge.yaml configs/quickstart.yaml
cp -r "$source/configs/devices" configs/devices
printf 'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[2] q;\nbit[2] c;\nh q[0];\ncx q[0], q[1];\nc = measure q;\n' >bell.qasm
titrant simulate --output trial.csv >said 2>&1 || fail "no trial"
awk -F, 'NR == 1 { for (i = 1; i <= NF; ++i) if ($i == "DVID") kind = i } $kind != 2' trial.csv >design.csv
titrant run --output run.h5 >said 2>&1 || fail "no run"
for name in a b; do cp run.h5 $name.h5; done

# Every command and action explains itself, in two ways.
program documentation markdown >reference.md || fail "no reference"
mapfile -t commands < <(sed -n 's/^## titrant //p' reference.md)
((${#commands[@]} >= 20)) || fail "few commands: ${commands[*]}"
for command in "${commands[@]}"; do
  # shellcheck disable=SC2086 # a command and its action
  program $command --help >said 2>&1 || fail "titrant $command --help"
  grep -q "^Examples\?:$" said || fail "titrant $command --help has no example"
  # shellcheck disable=SC2086
  program help $command | cmp -s - said || fail "titrant help $command is not titrant $command --help"
done
program --help >said
for word in "^  0 " "^  1 " "^  2 " "^  75 " "titrant run --config"; do grep -q -- "$word" said || fail "titrant --help without $word"; done
for command in "${commands[@]}"; do [[ $command == *" "* ]] || grep -q "^  $command " said || fail "titrant --help without $command"; done

# Every example works as it stands. 1 is what campaign status says of a campaign that is not done.
examples=0
while IFS= read -r example; do
  [[ $example == "titrant simulate --set"* ]] && rm trial.csv
  if [[ $example == *"titrant report"* ]] && ! python_has "h5py, jinja2, matplotlib"; then continue; fi
  timeout 120 bash -c "$example" >said 2>&1 </dev/null
  status=$?
  ((status == 0)) || [[ $status == 1 && $example == "titrant campaign status"* ]] || fail "exit code $status: $example"
  examples=$((examples + 1))
done < <(for command in "${commands[@]}"; do
  # shellcheck disable=SC2086
  program $command --help | sed -n '/^Examples\?:$/,/^$/s/^  //p'
done | awk '!seen[$0]++')
((examples >= 20)) || fail "few examples: $examples"
echo "$examples examples work as they stand"

# The manual page, by whoever can read one. mandoc would like a date, and shorter lines.
program documentation man >titrant.1 || fail "no manual page"
for command in "${commands[@]}"; do grep -q "^\.SS \"titrant $command\"" titrant.1 || fail "the manual page is without $command"; done
for section in NAME SYNOPSIS COMMANDS "EXIT STATUS" ENVIRONMENT FILES; do grep -q "^\.SH \"\?$section" titrant.1 || fail "no $section"; done
if command -v groff >/dev/null; then
  groff -ww -man -Tutf8 titrant.1 2>said >/dev/null
  [[ ! -s said ]] || fail "groff has something to say"
fi
if command -v man >/dev/null; then
  man --warnings -E UTF-8 -l -Tutf8 titrant.1 2>said >/dev/null
  [[ ! -s said ]] || fail "man has something to say"
fi
if command -v mandoc >/dev/null; then
  mandoc -T lint titrant.1 | grep -vE "STYLE: input text line longer|missing date" >said && fail "mandoc has something to say"
fi

# Build facts for programs.
program --version --json >version.json || fail "no facts"
python3 - version.json "$(program --version | sed -n 1p)" <<'PYTHON' || fail "--version --json"
import json, sys
facts = json.load(open(sys.argv[1]))
assert f"titrant {facts['version']}" == sys.argv[2], facts
assert facts["compiler"] and facts["libraries"] and "baseline" in facts["instruction_sets"], facts
PYTHON

exit_if_failed
echo "every command explains itself"
