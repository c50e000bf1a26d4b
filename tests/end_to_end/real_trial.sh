#!/usr/bin/env bash
# The real trial end to end: observed pass rates, the preferred structure, all answers. Exit code 77 (skipped) without the data.
# Usage: real_trial.sh TITRANT MPIEXEC SOURCE_FOLDER
set -euo pipefail
titrant=$1
mpiexec=$2
data=${TITRANT_DATA:-$3/../shared/data}/estdata/EstData.csv
if [ ! -f "$data" ]; then
  echo "skipped: the trial is not at \$TITRANT_DATA/estdata/EstData.csv"
  exit 77
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

"$titrant" check --config "$3/configs/quickstart.yaml" --set data.file="$data" >"$folder/summary"
for rate in "0/12" "6/12" "11/12" "0/6" "2/6" "4/6" "6/7" "5/5"; do
  grep -qE -- "(^|[^0-9])$rate([^0-9]|$)" "$folder/summary" || { echo "FAILED: pass rate $rate is missing"; cat "$folder/summary"; exit 1; }
done
echo "observed pass rates as published"

"$mpiexec" -n 2 "$titrant" search --config "$3/configs/challenge.yaml" --set data.file="$data" --set 'classifier.compare=[]' \
  --set training.on=virtual --set training.subjects=1000 --set uncertainty.source=none --set cohort.size=1000 --quiet --output "$folder/run.h5"
"$titrant" inspect "$folder/run.h5" --answers >"$folder/answers"
h5dump -a /pk/structure "$folder/run.h5" | grep -q two_compartment || { echo "FAILED: two compartments are not preferred"; exit 1; }
h5dump -a /pd/structure "$folder/run.h5" | grep -q '"turnover_inhibition"' || { echo "FAILED: inhibition of production is not preferred"; exit 1; }
for method in qcnn mechanistic; do # twelve cells for each of four questions
  cells=$(grep -cE "^  (base|heavy|no_comed) +(daily|weekly) \(mg\) +[a-z_]+ +0\.(75|9) +$method +mean" "$folder/answers")
  [ "$cells" -eq 48 ] || { echo "FAILED: $cells of 48 cells answered by $method"; cat "$folder/answers"; exit 1; }
done
echo "two compartments and inhibition of production preferred; twelve cells answered for each of four questions"
