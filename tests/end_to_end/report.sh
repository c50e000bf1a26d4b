#!/usr/bin/env bash
# The report at the end of a run and by hand: made outside MPI while ranks sleep; where it cannot be made, a run is no failure.
# Usage: report.sh TITRANT MPIEXEC
set -uo pipefail
# shellcheck source=tests/end_to_end/prologue.bash
source "$(dirname "$0")/prologue.bash"
bound=200
unset TITRANT_PYTHON TITRANT_ANALYSIS

cat >tiny.yaml <<END
pk: {structure: one_compartment, starts: 1}
pd: {structure: none}
training: {on: trial, steps: 6}
classifier: {compare: []}
cohort: {size: 30}
regimens: {daily: {interval: 24, doses: {from: 0.5, to: 40, step: 8}}, weekly: {interval: 168, doses: {from: 5, to: 300, step: 80}}}
uncertainty: {source: none}
diagnostics: {simulations: 0}
END
# A package in place of the real one, which does as it is told: to look at what surrounds the report.
mkdir -p stand_in/titrant_analysis
touch stand_in/titrant_analysis/__init__.py
cat >stand_in/titrant_analysis/__main__.py <<'END'
import os
import sys
import time

print("the stand-in says this")
if "STAND_IN_WAITS" in os.environ:
    open("waiting", "w").close()
    time.sleep(60)
if "STAND_IN_FAILS" in os.environ:
    sys.exit("the stand-in fails")
command, store, option, file = sys.argv[1:]
assert (command, option) == ("report", "--output")
with open(file, "w") as out:
    out.write("\n".join(name for name in os.environ if name.startswith(("OMPI_", "PMIX_"))) + "<html>" + store)
END

# 1. What keeps the report from being made is told, with the remedy, and is no failure of the run.
export TITRANT_PYTHON=/bin/false
expect 0 "apt-get install python3-h5py python3-matplotlib python3-jinja2" "$mpiexec" -n 2 "$titrant" run --config tiny.yaml --output without_python.h5 --quiet
expect 1 "apt-get install python3-h5py python3-matplotlib python3-jinja2" "$titrant" report without_python.h5
"$titrant" compare without_python.h5 without_python.h5 >/dev/null || fail "no whole store where there is no Python"
unset TITRANT_PYTHON
TITRANT_ANALYSIS=$folder expect 1 "no Python package titrant_analysis .*TITRANT_ANALYSIS" "$titrant" report without_python.h5
expect 2 "absent.h5: there is no such file" "$titrant" report absent.h5
expect 2 "report: missing argument RUN.h5; usage: titrant report RUN.h5" "$titrant" report
expect 1 "tiny.yaml" "$titrant" report tiny.yaml
echo "what is missing is named"

# The rest needs a Python with the packages.
if ! TITRANT_ANALYSIS=$folder/stand_in "$titrant" report without_python.h5 --output probe.html >out 2>&1; then
  if grep -q "apt-get install" out; then
    [ "$failures" -eq 0 ] || exit 1
    echo "the rest skipped: $(head -n 1 out)"
    exit 77
  fi
  fail "a report by hand: $(cat out)"
fi

# 2. With the stand-in: outside MPI, and only where it is wanted.
export TITRANT_ANALYSIS=$folder/stand_in
expect 0 "^Report: " "$mpiexec" -n 2 "$titrant" run --config tiny.yaml --output made.h5
[ "$(cat made.html)" = "<html>made.h5" ] || fail "the report was made under MPI's variables, or not of its store: $(cat made.html)"
! grep -q "stand-in says" out || fail "what the package prints is shown although it did well"
expect 0 "" "$mpiexec" -n 2 "$titrant" run --config tiny.yaml --output unwanted.h5 --no-report
expect 0 "" "$mpiexec" -n 1 "$titrant" run --config tiny.yaml --output unset.h5 --set output.report=false
expect 0 "" "$titrant" fit --config tiny.yaml --output part.h5
"$titrant" campaign plan --config tiny.yaml --folder campaign --seeds 1 --no-timing --quiet >/dev/null
expect 0 "" "$titrant" campaign run --folder campaign --member 1
for name in unwanted unset part campaign/member_0001/run; do [ ! -e $name.html ] || fail "$name: a report that nobody asked for"; done
STAND_IN_FAILS=1 expect 0 "the stand-in fails" "$mpiexec" -n 2 "$titrant" run --config tiny.yaml --output failed.h5 --quiet
STAND_IN_FAILS=1 expect 0 "made.html is of an earlier one" "$titrant" run --config tiny.yaml --output made.h5 --quiet --force
STAND_IN_FAILS=1 expect 1 "the stand-in says this" "$titrant" report made.h5
expect 0 "other.html" "$titrant" report made.h5 --output other.html
[ -e other.html ] || fail "--output was not heeded"
echo "made by the first rank outside MPI, where it is wanted; what the package says is shown where it fails"

# 3. A signal while it is being made: the store counts. The other ranks sleep meanwhile.
ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; } # of processor time, hundredths of a second
STAND_IN_WAITS=1 start 2 "$titrant" run --config tiny.yaml --output stopped.h5
wait_for waiting || fail "no report was begun: $(cat log)"
mapfile -t ranks < <(ranks_of stopped.h5)
before=0 after=0
for rank in "${ranks[@]}"; do before=$((before + $(ticks "$rank"))); done
sleep 1
for rank in "${ranks[@]}"; do after=$((after + $(ticks "$rank"))); done
[ $((after - before)) -le 20 ] || fail "waiting ranks used $((after - before)) hundredths of a second in one second"
[ "${#ranks[@]}" -eq 2 ] || fail "${#ranks[@]} ranks in place of two"
for rank in "${ranks[@]}"; do kill -s TERM "$rank"; done
code=0
wait "$launcher" || code=$?
[ "$code" -eq 0 ] || fail "exit code $code after a signal during the report: $(cat log)"
grep -q "there is no report of it: stopped" log || fail "no word on the report: $(cat log)"
[ ! -e stopped.html ] || fail "a report after all"
"$titrant" compare made.h5 stopped.h5 >/dev/null || fail "the store is not that of an undisturbed run"
! pgrep -f "titrant_analysis report stopped.h5" >/dev/null || fail "the package runs on"
echo "a signal during the report: exit code 0, and the store counts"
unset TITRANT_ANALYSIS

# 4. The package that belongs to the program: in its build tree, and in an installation, which has been moved and is found by a link.
expect 0 "^Report: " "$mpiexec" -n 2 "$titrant" run --config tiny.yaml --output real.h5
grep -q "<html" real.html || fail "no report from the build tree: $(cat out)"
build=$(dirname "$(dirname "$titrant")")
cmake --install "$build" --prefix "$folder/before" >out 2>&1 || fail "cmake --install: $(tail -n 3 out)"
mv before after
ln -s "$folder/after/bin/titrant" titrant_link
expect 0 "installed.html" ./titrant_link report real.h5 --output installed.html
cmp -s real.html installed.html || fail "the installed program's report is another one"
if [ -n "$(find after -name __pycache__)" ]; then fail "the report left files in the installation"; fi
echo "the package is found in the build tree and in an installation that was moved"

exit_if_failed
