#!/usr/bin/env bash
# Storage that fails under a run: a full disk, a quota, a folder that becomes read-only, a limit of file sizes, a store that another
# program has locked, a folder without locks, an output folder that goes away. Each ends within its bound in one clear message and the
# right exit code, with nothing visible that is not whole and the last checkpoint intact; when the cause is gone, resume comes to
# the bits of an undisturbed run. Parts that the machine gives no means for are named as not tested.
# Usage: storage.sh TITRANT MPIEXEC
set -uo pipefail

# A small disk and a read-only one need mounts; in a mount namespace of its own they disturb nobody and end with the test.
if [[ -z ${TITRANT_OWN_MOUNTS-} ]]; then
  export TITRANT_OWN_MOUNTS=no
  if ((EUID == 0)) && unshare --mount true 2>/dev/null; then
    TITRANT_OWN_MOUNTS=yes exec unshare --mount --propagation private "$0" "$@"
  fi
fi

# shellcheck source=tests/end_to_end/prologue.bash
source "$(dirname "$0")/prologue.bash"
trap 'umount -q "$folder/disk" "$folder/quota"; rm -rf "$folder"' EXIT
bound=200

show() { [[ ! -e log ]] || tail -n 20 log; }

cat >run.yaml <<END
pk: {structure: one_compartment, starts: 1}
pd: {structure: none}
training: {on: trial, steps: 600}
classifier: {compare: []}
cohort: {size: 1000}
regimens: {daily: {interval: 24, doses: {from: 0.5, to: 40, step: 4}}, weekly: {interval: 168, doses: {from: 5, to: 300, step: 40}}}
uncertainty: {source: none}
diagnostics: {simulations: 20}
output: {report: false}
END
"$titrant" run --quiet --config run.yaml --output undisturbed.h5 || exit 1
# Limits lie between: a checkpoint is of about 2.6 MB, and the store must be larger, or the failures below would not come.
size=$(stat --format=%s undisturbed.h5)
((size > 4500000)) || fail "the store has only $size bytes"

# appeared FILE: it does so while the run goes on.
appeared() { wait_for "$1" || { fail "no $1 appeared before the run was over" && return 1; }; }

# expect_end CODE PATTERN WHAT: the run ends so, and a line of it says why; without a pattern it says nothing.
expect_end() {
  local code=0
  wait "$launcher" || code=$?
  ((code == $1)) || fail "$3: exit code $code, not $1"
  if [[ -z $2 ]]; then
    [[ ! -s log ]] || fail "$3: said something"
    return
  fi
  grep -qE -- "$2" log || fail "$3: no message like '$2'"
}

# expect_resumed STORE RANKS WHAT: nothing visible but whole files, and the end as if nothing had been.
expect_resumed() {
  [[ ! -e $1 ]] || fail "$3: $1 is there though the run failed"
  [[ -e $1.checkpoint ]] || fail "$3: no checkpoint is left"
  start "$2" "$titrant" resume "$1"
  expect_end 0 "Going on from a checkpoint" "$3, resumed"
  same_stores undisturbed.h5 "$1" >difference || fail "$3: the resumed store differs"
  [[ $(ls -A "$(dirname "$1")") == "$(basename "$1")" ]] || fail "$3: left behind: $(ls -A "$(dirname "$1")")"
  echo "$3: said, and resumed to the same bits"
}

run_to() { start 2 "${limits[@]}" "$titrant" run --quiet --config run.yaml --checkpoint-every 0.2 --output "$1"; }
limits=()

# A limit of file sizes. Ranks that share memory do it through files, which the limit would forbid as well.
mkdir limited
limits=(bash -c 'ulimit -f 3300 && exec "$@"' limited)
OMPI_MCA_btl=self,tcp OMPI_MCA_btl_tcp_if_include=lo run_to limited/run.h5
limits=()
expect_end 1 "titrant: limited/run.h5: .*File too large" "a limit of file sizes"
expect_resumed limited/run.h5 3 "a limit of file sizes"

# The folder goes away in mid-run, and comes back.
mkdir away
run_to away/run.h5
appeared away/run.h5.checkpoint && mv away gone
expect_end 1 "titrant: away/run.h5: .*No such file or directory" "a folder that goes away"
[[ ! -e away ]] || fail "the folder was made again"
mv gone away
expect_resumed away/run.h5 1 "a folder that goes away"

if [[ $TITRANT_OWN_MOUNTS == yes ]]; then
  mkdir disk
  # Room for the checkpoints, but not for the store.
  mount -t tmpfs -o size=4500k tmpfs disk
  run_to disk/run.h5
  expect_end 1 "titrant: disk/run.h5: .*No space left on device" "a disk too small for the store"
  mount -o remount,size=50m disk
  expect_resumed disk/run.h5 3 "a disk too small for the store"
  rm disk/run.h5

  # Full by somebody else's file, after the first checkpoint: a second start meets it, which writes checkpoints all along.
  start 2 "$titrant" run --quiet --config run.yaml --max-hours 0.0001 --output disk/run.h5
  expect_end 75 "titrant resume disk/run.h5" "a run that stops early"
  head --bytes=60M /dev/zero >disk/filler 2>/dev/null
  start 2 "$titrant" resume disk/run.h5 --quiet --checkpoint-every 0.1
  expect_end 1 "titrant: disk/run.h5: .*No space left on device" "a disk that fills up"
  grep -q "checkpoint could not be written, the one before it stays" log || fail "a checkpoint without room was passed over in silence"
  rm disk/filler
  expect_resumed disk/run.h5 4 "a disk that fills up"
  rm disk/run.h5

  # Read-only in mid-run: as soon as nothing is being written.
  run_to disk/run.h5
  appeared disk/run.h5.checkpoint && until mount -o remount,ro disk 2>/dev/null; do kill -0 "$launcher" || break; done
  expect_end 1 "titrant: disk/run.h5: .*Read-only file system" "a disk that becomes read-only"
  start 2 "$titrant" resume disk/run.h5
  expect_end 2 "the folder disk cannot be written to: Read-only file system" "resume to a read-only disk"
  mount -o remount,rw disk
  expect_resumed disk/run.h5 2 "a disk that becomes read-only"

  # A quota: of a subvolume of btrfs, which holds for root too.
  mkdir quota
  truncate --size=300M image
  if { mkfs.btrfs --quiet image && mount -o loop image quota && btrfs quota enable quota && btrfs subvolume create quota/of &&
    btrfs qgroup limit 4500K quota/of; } >quota.log 2>&1; then
    run_to quota/of/run.h5
    expect_end 1 "titrant: quota/of/run.h5: .*Disk quota exceeded" "a quota"
    btrfs qgroup limit 50M quota/of
    expect_resumed quota/of/run.h5 3 "a quota"
  else
    echo "not tested: a quota; there is no btrfs (btrfs-progs, a loop device): $(tail -n 1 quota.log)"
  fi
else
  echo "not tested: full and read-only disks, quotas; only root may mount them, in a namespace of its own"
fi

# A store that another program holds: its reading is refused; to be replaced it need not be read, and the other keeps what it has.
cp undisturbed.h5 held.h5
exec {held}<held.h5
flock --exclusive "$held"
start 1 "$titrant" inspect held.h5
expect_end 1 "held.h5: .*another program has locked the file" "a locked store"
start 2 "$titrant" run --quiet --force --config run.yaml --set seed=2 --output held.h5
expect_end 0 "" "replacing a store that is open elsewhere"
cmp "/dev/fd/$held" undisturbed.h5 || fail "a reader's file changed under its hands"
! cmp -s held.h5 undisturbed.h5 || fail "the store was not replaced"
exec {held}<&-
echo "a locked store: said, and replaced without harm to its reader"

# A folder without locks, as some network file systems are.
echo '#include <cerrno>
extern "C" int flock(int, int) { errno = ENOLCK; return -1; }' >no_locks.cpp
if c++ -shared -fPIC -o no_locks.so no_locks.cpp 2>/dev/null; then
  without_locks=(env LD_PRELOAD="$folder/no_locks.so")
  start 1 "${without_locks[@]}" "$titrant" inspect undisturbed.h5
  expect_end 1 "undisturbed.h5: .*set HDF5_USE_FILE_LOCKING=FALSE" "a folder without locks"
  start 1 "${without_locks[@]}" HDF5_USE_FILE_LOCKING=FALSE "$titrant" inspect undisturbed.h5
  expect_end 0 "complete" "a folder without locks, and none asked for"
  for ranks in 1 2; do # writing asks for none
    start "$ranks" "${without_locks[@]}" "$titrant" run --quiet --config run.yaml --output "without$ranks.h5"
    expect_end 0 "" "writing without locks on $ranks ranks"
    same_stores undisturbed.h5 "without$ranks.h5" || fail "the store of $ranks ranks without locks differs"
  done
  echo "a folder without locks: said what to set; runs need none"
else
  echo "not tested: a folder without locks; there is no compiler to take them away"
fi

exit_if_failed
echo "all failures of storage were said, and nothing was lost"
