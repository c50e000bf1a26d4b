#!/usr/bin/env bash
# Fitted models as input of NONMEM, nlmixr2 and Monolix: evaluators of the three languages (tests/exchange) predict three subjects of each of some
# small trials from the texts and their data sets alone, as the fit does; and what the options refuse.
# Usage: exchange.sh TITRANT MPIEXEC SOURCE_FOLDER
set -uo pipefail
# shellcheck source=tests/end_to_end/prologue.bash
source "$(dirname "$0")/prologue.bash"
python_has "numpy, h5py" || skip "python3 has no numpy or no h5py"

PYTHONDONTWRITEBYTECODE=1 "$python" "$source/tests/exchange/exchange_test.py" "$titrant" "$folder/fits" ||
  fail "the exported models are not those of the fits"

cp -r fits/transit/trial.csv fits/transit/fit.yaml .
expect 2 "--export-to: for which program\? expected --export nonmem\|nlmixr2\|monolix beside it" "$titrant" fit --config fit.yaml --export-to x.ctl
expect 2 "--export nonmem: where to\? expected --export-to FILE, or --output RUN.h5 to write beside it" "$titrant" fit --config fit.yaml --export nonmem
expect 2 "--export nomem: expected nonmem, nlmixr2 or monolix, did you mean 'nonmem'\?" "$titrant" fit --config fit.yaml --export nomem
expect 2 "--export-to trial.csv: is the name of a data set or a store" "$titrant" fit --config fit.yaml --export nonmem --export-to trial.csv
expect 2 "would replace the trial.s own file" "$titrant" fit --config fit.yaml --set data.file=trial.csv --export nonmem --export-to trial.ctl --force
expect 2 "there is no folder none; create it first" "$titrant" fit --config fit.yaml --export monolix --export-to none/x.mlxtran
expect 2 "there is no folder none|unrecogni[sz]ed option|unknown option" "$titrant" run --config fit.yaml --export nonmem
touch x_model.txt
expect 2 "output x_model.txt: exists already" "$titrant" fit --config fit.yaml --export monolix --export-to x
expect 0 "written: x.mlxtran" "$titrant" fit --config fit.yaml --export monolix --export-to x --force
for file in x.mlxtran x_model.txt x.csv; do
  [[ -s $file ]] || fail "$file was not written"
done
expect 0 "written: fo.ctl" "$titrant" fit --config fit.yaml --set "estimation.methods=[fo]" --export nonmem --export-to fo.ctl
grep -q "^.ESTIMATION METHOD=0 POSTHOC MAXEVAL" fo.ctl || fail "a fit by FO is not exported as METHOD=0"
exit_if_failed
