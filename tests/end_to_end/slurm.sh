#!/usr/bin/env bash
# The job scripts as users get them, on a SLURM cluster of two nodes on this machine: the same bits over nodes, in an array, and
# after signals, restarts and the failure of a node. Exit code 77 (skipped) where no such cluster can be started.
# Usage: slurm.sh TITRANT MPIEXEC SOURCE_FOLDER
set -euo pipefail
# shellcheck source=tests/end_to_end/prologue.bash
source "$(dirname "$0")/prologue.bash"
sandbox() { "$source/tools/slurm-sandbox" --dir "$folder/cluster" "$@"; }
trap 'sandbox down; rm -rf "$folder"' EXIT
bound=200 # also for a job, from its submission to its end

# fail_job NAME MESSAGE: ends the script with the end of the log of the job NAME.
fail_job() { fail_now "$2"$'\n'"$(tail -n 40 "$folder/$1"*.log)"; }

cd "$source/jobs"
for script in many_nodes.sbatch array.sbatch gather.sbatch; do
  diff <(sed '1,/^# ---- From here on/d' one_node.sbatch) <(sed '1,/^# ---- From here on/d' "$script") ||
    fail_now "$script differs from one_node.sbatch where they should be the same"
done

sandbox up || exit
cd "$folder"

# submit NAME SCRIPT ARGUMENTS...: prints the job's number; its log is NAME.log. Further options of sbatch are in $options.
submit() {
  local name=$1 script=$2
  shift 2
  # shellcheck disable=SC2086 # words
  sandbox run timeout 20 sbatch --parsable --output="$name.log" ${options:-} "$source/jobs/$script" "$@"
}

# of JOB FORMAT: what squeue says of a job, or of all members of an array.
of() { sandbox run timeout 20 squeue --noheader --states=all --jobs="$1" --format="$2" | sort -u; }

# expect_end STATE JOB NAME: STATE must be one that no other follows. SLURM has a dozen passing ones and adds to them.
ended='CANCELLED|COMPLETED|FAILED|TIMEOUT|NODE_FAIL|PREEMPTED|BOOT_FAIL|DEADLINE|OUT_OF_MEMORY'
expect_end() {
  local state end=$((SECONDS + bound))
  until state=$(of "$2" %T); [[ -n $state ]] && ! grep -qvxE "$ended" <<<"$state"; do
    ((SECONDS < end)) || fail_job "$3" "$3 is still $state after $bound seconds"
    sleep 0.3
  done
  [[ $state == "$1" ]] || fail_job "$3" "$3 ended as $state, not $1"
}

# wait_until NAME WHAT COMMAND...: until the command succeeds.
wait_until() {
  local name=$1 what=$2 end=$((SECONDS + bound))
  shift 2
  until "$@"; do
    ((SECONDS < end)) || fail_job "$name" "no $what from $name within $bound seconds"
    sleep 0.1
  done
}
wait_for_line() { wait_until "$1" "line '$2'" grep -qs -- "$2" "$1.log"; }
wait_for_file() { wait_until "$1" "file $2" test -e "$2"; }

expect_line() { grep -q -- "$2" "$1.log" || fail_job "$1" "no line '$2' from $1"; }

expect_same() { # two stores
  same_stores "$1" "$2" >difference || { head -n 20 difference && fail_now "$1 and $2 differ"; }
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
# Long enough to be disturbed in the middle: some ten seconds.
sed -e 's/steps: 12/steps: 3000/' -e 's/source: none/source: bootstrap, replicates: 20, cohort: 50, steps: 60/' tiny.yaml >long.yaml
alone() { "$titrant" run --quiet --output "$@"; }

# 1. Two ranks on each of two nodes, by both launchers, and a campaign of three members with its gathering, beside each other.
export TITRANT=$titrant
many="--nodes=2 --ntasks-per-node=2"
declare -A spread
spread[srun]=$(options=$many submit srun many_nodes.sbatch tiny.yaml srun.h5)
reported=$(options=$many submit reported many_nodes.sbatch tiny.yaml reported.h5 --set output.report=true)
spread[mpirun]=$(TITRANT_LAUNCHER=mpirun options=$many submit mpirun many_nodes.sbatch tiny.yaml mpirun.h5)
"$titrant" campaign plan --config tiny.yaml --folder campaign --seeds 1-3 --no-timing --quiet >planned || { cat planned && fail_now "no plan"; }
array=$(options="--array=1-3 --ntasks=2" submit array_%a array.sbatch campaign)
gather=$(options="--dependency=afterok:$array --ntasks=2" submit gather gather.sbatch campaign)
alone alone.h5 --config tiny.yaml
mkdir here
alone here/reported.h5 --config tiny.yaml --set output.report=true
for seed in 1 2 3; do alone "seed$seed.h5" --config tiny.yaml --set "seed=$seed"; done

for launcher in srun mpirun; do
  expect_end COMPLETED "${spread[$launcher]}" "$launcher"
  hosts=$(h5dump -d /provenance/hosts "$launcher.h5")
  [[ $hosts == *n1*n2* ]] || fail_now "$launcher did not run on both nodes: $hosts"
  h5dump -d /provenance/ranks "$launcher.h5" | grep '(0): 4$' >/dev/null || fail_now "$launcher did not run 4 ranks"
  expect_same alone.h5 "$launcher.h5"
  echo "$launcher: 4 ranks on two nodes agree in every bit with one outside SLURM"
done
expect_end COMPLETED "$reported" reported
[[ -s reported.html && -s here/reported.html ]] || fail_job reported "a run ended without its report"
# What comes after is provenance.
diff <(sed '/<section id="run"/,$d' reported.html) <(sed '/<section id="run"/,$d' here/reported.html) >difference ||
  { head -n 5 difference && fail_now "the reports of a job and of a run outside SLURM differ"; }
echo "report: that of a job on two nodes is that of a run outside SLURM"
expect_end COMPLETED "$array" array
for seed in 1 2 3; do expect_same "seed$seed.h5" "campaign/member_000$seed/run.h5"; done
! same_stores seed1.h5 seed2.h5 >/dev/null || fail_now "two seeds gave the same store"
expect_end COMPLETED "$gather" gather
expect_line gather "3 of 3 members"
for seed in 1 2 3; do
  h5diff "seed$seed.h5" campaign/campaign.h5 /decision "/member/member_000$seed/decision" || fail_now "the index leads to another member $seed"
done
echo "campaign: each of three members is the run of its own seed, and they were gathered when all had ended"

# 2. Jobs that are disturbed, all at once to save time. What SLURM and the scripts make of exit code 75 is seen on a stand-in for
# titrant: a warning of the limit comes at any moment within half a minute (here 10 to 40 seconds after the start), for which it waits
# and costs nothing. After the warning SLURM calls a job SIGNALING for a moment, which may or may not be seen; here it always is. The
# job leaves three cores of n2 for the others, so the one whose node will fail is alone on n1.
cat >stand_in <<'END'
#!/usr/bin/env bash
stop() { touch "$store.checkpoint" && exit 75; }
case $1 in
  run) store=$5 && trap stop USR1 TERM && while true; do sleep 0.2; done ;;
  campaign) exit 75 ;;
  resume) store=$2 && [[ -e $store.checkpoint ]] && mv "$store.checkpoint" "$store" ;;
esac
END
mkdir signalling
cat >signalling/squeue <<END
#!/usr/bin/env bash
"$(command -v squeue)" "\$@" | sed 's/^RUNNING/SIGNALING/'
END
chmod +x stand_in signalling/squeue
export TITRANT=$folder/stand_in
limit=$(PATH=$folder/signalling:$PATH options="--nodelist=n2 --ntasks=1 --cpus-per-task=13 --time=1 --signal=B:USR1@20" \
  submit limit one_node.sbatch tiny.yaml limit.h5)
cancelled=$(options="--nodelist=n2 --ntasks=1" submit cancelled one_node.sbatch tiny.yaml cancelled.h5)
stubborn=$(TITRANT_RESTARTS=1 options="--nodelist=n2 --array=1-2 --ntasks=1" \
  submit stubborn_%a array.sbatch stubborn)
export TITRANT=$titrant
wait_for_line limit "start 1"
victim=$(options=--ntasks=4 submit victim one_node.sbatch long.yaml victim.h5 --checkpoint-every 1)

wait_for_file victim victim.h5.checkpoint
sandbox node-kill n1
expect_line victim "start 1: 4 ranks on n1"
[[ ! -e victim.h5 ]] || fail_now "the job was done before its node failed"

wait_for_line cancelled "start 1"
sandbox run timeout 20 scancel "$cancelled"

aside=$(options="--nodelist=n2 --ntasks=2" submit aside one_node.sbatch long.yaml aside.h5)
wait_for_line aside "^Diagnostics"
sandbox run timeout 20 scancel --batch --signal=USR1 "$aside"

alone long.h5 --config long.yaml

expect_end CANCELLED "$cancelled" cancelled
expect_line cancelled ": exit code 75"
expect_line cancelled "not started again: SLURM says C[A-Z]*$"
echo "a cancelled job stays away, though its ranks end with 75"

expect_end FAILED "$stubborn" stubborn
for member in 1 2; do
  [[ $(grep -c ": exit code 75" "stubborn_$member.log") -eq 2 ]] || fail_job stubborn "member $member did not start twice"
  expect_line "stubborn_$member" "not started again: 1 of 1 restarts used"
done
echo "a job that never finishes is started again as often as allowed, each member of an array for itself"

expect_end COMPLETED "$aside" aside
expect_line aside ": exit code 75"
expect_line aside "start 2"
expect_line aside "Going on from a checkpoint"
expect_same long.h5 aside.h5
echo "a job that stepped aside went on to the same bits"

expect_end COMPLETED "$limit" limit
expect_line limit ": exit code 75"
[[ -e limit.h5 ]] || fail_job limit "the job did not go on after its limit"
echo "a job that was warned of its limit went on in a second start"

expect_end COMPLETED "$victim" victim
expect_line victim "start 2: 4 ranks on n2"
expect_line victim "Going on from a checkpoint"
expect_same long.h5 victim.h5
sandbox node-start n1
echo "a job that lost its node came to the same bits on the other; the node came back"
