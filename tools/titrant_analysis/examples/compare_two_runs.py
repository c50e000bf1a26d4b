"""Where the answers of two runs differ, and by which settings: compare_two_runs.py RUN.h5 OTHER.h5"""

import sys

from titrant_analysis import compare_runs, open_run

with open_run(sys.argv[1]) as first, open_run(sys.argv[2]) as second:
    comparison = compare_runs(first, second)
for key, one, other in comparison.settings.rows():
    print(f"{key}: {one} -> {other}")
for *question, which, unit, one, other, _ in comparison.answers.rows():
    if f"{one:g}" != f"{other:g}":  # nan: none of the doses
        print(*question, f"{which}: {one:g} {unit} -> {other:g} {unit}")
