"""The answers with their intervals as CSV, by pandas: answers_to_csv.py RUN.h5 ANSWERS.csv"""

import sys

from titrant_analysis import TABLES, open_run

run_file, csv_file = sys.argv[1:]
with open_run(run_file) as run:
    answers = TABLES["decisions"](run).to_pandas()
wanted = answers[(answers.rule == "mean") & (answers.target == 0.9)]
wanted.to_csv(csv_file, index=False, columns=["scenario", "regimen", "classifier", "minimal_dose", "lower", "upper"])
print(wanted.pivot_table(index=["scenario", "regimen"], columns="classifier", values="minimal_dose", dropna=False))
