# shellcheck shell=bash disable=SC2034 # variables for the scripts
# Sourced by the scripts of this folder after their `set`: arguments TITRANT [MPIEXEC [SOURCE_FOLDER]], a temporary folder to work in, which
# goes when the script ends, and the functions that they share. Exit codes: 0 passed, 1 failed, 77 skipped.

# absolute PATH: the same from another folder; the name of a program that PATH finds stays.
absolute() { if [[ $1 != /* && -e $1 ]]; then echo "$PWD/$1"; else echo "$1"; fi; }

titrant=$(absolute "$1")
(($# < 2)) || mpiexec=$(absolute "$2")
(($# < 3)) || source=$(absolute "$3")
external_data=$(absolute "${TITRANT_DATA:-${source-}/../shared/data}") # trials and calibrations that are not in the repository
python=/usr/bin/python3                                                # Debian's: another one seldom has h5py
[[ -x $python ]] || python=python3
bound=60 # seconds after which a command counts as hanging
failures=0

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1

# python_has MODULES: whether $python can import them, given as "h5py, numpy".
python_has() { "$python" -c "import $1" 2>/dev/null; }

# skip REASON: ends the script as skipped.
skip() {
  echo "skipped: $1"
  exit 77
}

# show: prints what explains a failure, such as the output of the last command; for scripts to define.
show() { :; }

# fail MESSAGE: is counted, and the script goes on.
fail() {
  echo "FAILED: $*"
  show
  failures=$((failures + 1))
}

# fail_now MESSAGE: ends the script.
fail_now() {
  echo "FAILED: $*"
  show
  exit 1
}

# exit_if_failed: for the end of a script whose failures were counted.
exit_if_failed() {
  ((failures == 0)) || { echo "$failures failed" && exit 1; }
}

# expect CODE PATTERN COMMAND...: the command ends with this exit code, and a line of what it says, kept in `out`, is like PATTERN.
expect() {
  local code=$1 pattern=$2 got=0
  shift 2
  timeout "$bound" "$@" >out 2>&1 || got=$?
  [ "$got" -eq "$code" ] || fail "exit code $got, expected $code: $*: $(tail -n 5 out)"
  grep -qE -- "$pattern" out || fail "no message like '$pattern': $*: $(head -n 40 out)"
}

# same_stores STORE STORE: the same bits except in /provenance, or prints what differs; takes options of h5diff.
same_stores() { h5diff --exclude-path /provenance "$@" 2>&1; }

# start RANKS COMMAND...: in the background, as process $launcher; what it says is in `log`.
start() {
  local ranks=$1
  shift
  timeout "$bound" "$mpiexec" -n "$ranks" "$@" >log 2>&1 &
  launcher=$!
}

# wait_for FILE: until it is there; 1 if what was started ended before.
wait_for() {
  until [[ -e $1 ]]; do
    kill -0 "$launcher" 2>/dev/null || return 1
    sleep 0.01
  done
}

# ranks_of STORE: the processes that make it.
ranks_of() { pgrep -f "^$titrant (run|resume) .*$1"; }
