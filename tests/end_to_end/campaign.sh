#!/usr/bin/env bash
# A campaign of three members as a user runs it: planned, run, disturbed, surveyed, gathered, moved and read through its index.
# Usage: campaign.sh TITRANT MPIEXEC SOURCE_FOLDER
set -euo pipefail
# shellcheck source=tests/end_to_end/prologue.bash
source "$(dirname "$0")/prologue.bash"

show() { [[ ! -s said ]] || cat said; }

# expect CODE TEXT COMMAND...: here TEXT is literal, what was said is kept in `said`, and the first failure ends the script.
expect() {
  local code=$1 text=$2 status=0
  shift 2
  timeout "$bound" "$@" >said 2>&1 || status=$?
  ((status == code)) || fail_now "exit code $status, expected $code: $*"
  grep -qF -- "$text" said || fail_now "no '$text' from: $*"
}

cat >tiny.yaml <<END
pk: {structure: one_compartment, starts: 1}
pd: {structure: none}
training: {on: trial, steps: 12}
classifier: {compare: []}
cohort: {size: 70}
regimens: {daily: {interval: 24, doses: {from: 0.5, to: 40, step: 4}}, weekly: {interval: 168, doses: {from: 5, to: 300, step: 40}}}
uncertainty: {source: none}
diagnostics: {simulations: 12}
output: {report: false}
END

# What a plan says, and that it keeps.
expect 2 "Missing option --seeds 1-50 or --vary" "$titrant" campaign plan --config tiny.yaml --folder campaign
expect 2 "did you mean 'status'" "$titrant" campaign statsu --folder campaign
expect 2 "there is no such plan" "$titrant" campaign status --folder campaign
expect 2 "absent.csv" "$titrant" campaign plan --config tiny.yaml --set data.file=absent.csv --folder campaign --seeds 5-7
expect 0 "sbatch --array=1-3 array.sbatch campaign" "$mpiexec" -n 2 "$titrant" campaign plan --config tiny.yaml --folder campaign --seeds 5-7
grep -qE "^  fit +1 whole" said || fail_now "no cost of the fit"
[[ $(ls -A campaign) == campaign.yaml ]] || fail_now "planning left more than a plan: $(ls -A campaign)"
expect 0 '"core_hours"' "$titrant" campaign plan --config tiny.yaml --folder campaign --seeds 5-7 --json --quiet
/usr/bin/env python3 -c 'import json; plan = json.load(open("said")); assert plan["bytes"] == 3 * plan["bytes_per_member"] > 1e5' ||
  fail_now "the JSON of a plan"
expect 2 "is another plan already" "$titrant" campaign plan --config tiny.yaml --folder campaign --seeds 5-8 --no-timing
expect 2 "the plan has members 1 to 3" "$titrant" campaign run --folder campaign --member 4
echo "a plan says what it costs, and is not replaced"

# A member is the run of its own seed, from whatever folder it is started; a complete one is left alone.
"$titrant" campaign run --folder campaign --member 1 --quiet
(cd campaign && "$mpiexec" -n 2 "$titrant" campaign run --folder . --member 2 --quiet)
"$titrant" run --config tiny.yaml --set seed=6 --output alone.h5 --quiet
same_stores alone.h5 campaign/member_0002/run.h5 || fail_now "member 2 is not the run of seed 6"
before=$(stat --format=%Y.%i campaign/member_0001/run.h5)
expect 0 "is complete; nothing to do" "$titrant" campaign run --folder campaign --member 1
[[ $(stat --format=%Y.%i campaign/member_0001/run.h5) == "$before" ]] || fail_now "a complete member was written again"
echo "a member is the run of its own seed; a complete one is left alone"

# One damaged, one foreign, one missing; the damaged one's store is found under another name.
expect 1 "2 done, 0 unfinished, 1 missing" "$titrant" campaign status --folder campaign
cp campaign/member_0001/run.h5 campaign/kept.h5
truncate --size=-100 campaign/member_0001/run.h5
mv alone.h5 campaign/member_0002/run.h5
"$titrant" run --config tiny.yaml --set seed=99 --output campaign/member_0002/run.h5 --force --quiet
expect 1 "1 done, 0 unfinished, 1 missing, 0 damaged, 1 foreign" "$mpiexec" -n 2 "$titrant" campaign status --folder campaign
grep -qE "^member_0001 +done +kept.h5: under another name" said || fail_now "a renamed store"
grep -qE "^member_0002 +foreign .*seed: 99, not 6" said || fail_now "a foreign store"
grep -q "^not a member: member_0001/run.h5: " said || fail_now "a damaged store"
grep -q "sbatch --array=2-3 array.sbatch campaign" said || fail_now "what to run"
rm campaign/kept.h5
expect 1 '"array": "1-3"' "$titrant" campaign status --folder campaign --json
expect 2 "member_0001: damaged" "$titrant" campaign run --folder campaign --member 1
echo "members are told by their content"

# Gathering waits for all, or takes what is there.
expect 1 "member_0003: missing" "$titrant" campaign gather --folder campaign
[[ ! -e campaign/campaign.h5 ]] || fail_now "a refused gathering left an index"
for member in 1 2; do "$titrant" campaign run --folder campaign --member $member --force --quiet; done
expect 0 "2 of 3 members" "$titrant" campaign gather --folder campaign --partial
"$titrant" campaign run --folder campaign --member 3 --quiet
expect 0 "3 done" "$titrant" campaign status --folder campaign
expect 0 "3 of 3 members" "$titrant" campaign gather --folder campaign
cp campaign/campaign.h5 one_rank.h5
mkdir campaign/moved
expect 0 "3 of 3 members" "$mpiexec" -n 3 "$titrant" campaign gather --folder campaign
for path in /campaign /config /decision; do h5diff one_rank.h5 campaign/campaign.h5 $path || fail_now "$path depends on the ranks"; done
expect 2 "is not below it" "$titrant" campaign gather --folder campaign --output campaign/moved/index.h5
echo something >precious.h5
expect 2 "--force" "$titrant" campaign gather --folder campaign --output precious.h5
expect 2 "is not a titrant run: its filetype is 'titrant campaign'" "$titrant" run --config campaign/campaign.h5
echo "an index is whole, the same from any number of ranks, and replaces no other file"

# A member that was stopped is known as such, and goes on to the same bits when it is run again.
"$titrant" campaign plan --config tiny.yaml --set training.steps=3000 --folder stopped --seeds 1 --no-timing >/dev/null
expect 75 "" "$mpiexec" -n 2 "$titrant" campaign run --folder stopped --member 1 --max-hours 0.0001
expect 1 "0 done, 1 unfinished" "$titrant" campaign status --folder stopped
expect 0 "Going on from a checkpoint" "$titrant" campaign run --folder stopped --member 1 --quiet
"$titrant" run --config tiny.yaml --set training.steps=3000 --set seed=1 --output undisturbed.h5 --quiet
same_stores undisturbed.h5 stopped/member_0001/run.h5 || fail_now "a stopped member went on to other bits"
echo "a member that was stopped goes on to the same bits"

# The folder moves as a whole; h5py reads through the links.
mv campaign elsewhere
expect 0 "titrant campaign, complete" "$titrant" inspect elsewhere/campaign.h5
grep -qE "^  members +3 of 3" said || fail_now "inspect does not count the members"
if python_has h5py; then
  PYTHONPATH=$source/tools/titrant_analysis "$python" - <<'END'
import h5py
import numpy as np
from titrant_analysis import open_campaign

with h5py.File("elsewhere/campaign.h5") as index:
    doses = index["/decision/dose"][:]
    assert doses.shape[1] == 3 and list(index["/campaign/setting/seed"].asstr()[:]) == ["5", "6", "7"]
    for column, name in enumerate(index["/campaign/member"].asstr()[:]):
        assert np.array_equal(index[f"/member/{name}/decision/dose"][:], doses[:, column], equal_nan=True)
    found = np.where(np.isnan(doses), np.inf, doses)
    assert np.array_equal(np.sort(found, axis=1)[:, 1], index["/decision/median"][:])
    assert index["/decision/dose"].dims[1][0].name == "/decision/member"
with open_campaign("elsewhere/campaign.h5") as campaign:
    assert [member.name for member in campaign.members()] == ["member_0001", "member_0002", "member_0003"]
END
  if python_has "xarray, h5netcdf"; then
    "$python" "$source/tests/store/open_with_xarray.py" elsewhere/campaign.h5
  fi
  echo "h5py reads members through the index of a folder that was moved"
fi
