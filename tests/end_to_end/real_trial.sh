#!/usr/bin/env bash
# The real trial end to end: observed pass rates, the preferred structure, all answers. Exit code 77 (skipped) without the data.
# Usage: real_trial.sh TITRANT MPIEXEC SOURCE_FOLDER
set -euo pipefail
# shellcheck source=tests/end_to_end/prologue.bash
source "$(dirname "$0")/prologue.bash"
data=$external_data/estdata/EstData.csv
[ -f "$data" ] || skip "the trial is not at \$TITRANT_DATA/estdata/EstData.csv"

"$titrant" check --config "$source/configs/quickstart.yaml" --set data.file="$data" >summary
for rate in "0/12" "6/12" "11/12" "0/6" "2/6" "4/6" "6/7" "5/5"; do
  grep -qE -- "(^|[^0-9])$rate([^0-9]|$)" summary || fail_now "pass rate $rate is missing"$'\n'"$(cat summary)"
done
echo "observed pass rates as published"

"$mpiexec" -n 2 "$titrant" search --config "$source/configs/challenge.yaml" --set data.file="$data" --set 'classifier.compare=[]' \
  --set training.on=virtual --set training.subjects=1000 --set uncertainty.source=none --set cohort.size=1000 --quiet --output run.h5
"$titrant" inspect run.h5 --answers >answers
h5dump -a /pk/structure run.h5 | grep two_compartment >/dev/null || fail_now "two compartments are not preferred"
h5dump -a /pd/structure run.h5 | grep '"turnover_inhibition"' >/dev/null || fail_now "inhibition of production is not preferred"
for method in qcnn mechanistic; do # twelve cells for each of four questions
  cells=$(grep -cE "^  (base|heavy|no_comed) +(daily|weekly) \(mg\) +[a-z_]+ +0\.(75|9) +$method +mean" answers)
  [ "$cells" -eq 48 ] || fail_now "$cells of 48 cells answered by $method"$'\n'"$(cat answers)"
done
echo "two compartments and inhibition of production preferred; twelve cells answered for each of four questions"
