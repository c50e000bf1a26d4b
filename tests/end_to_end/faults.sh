#!/usr/bin/env bash
# A short fault campaign: runs killed at random moments and resumed on other numbers of ranks end in the same bits (tools/faults).
# Usage: faults.sh TITRANT MPIEXEC SOURCE_FOLDER
exec "$3/tools/faults" --kills 6 --seed 7 --bound 60 --program "$1"
