"""The answers with their intervals as CSV, by pandas: answers_to_csv.py RUN.h5 ANSWERS.csv"""

import sys

from titrant_analysis import TABLES, headline, open_run

run_file, csv_file = sys.argv[1:]
with open_run(run_file) as run:
    answers = TABLES["decisions"](run).to_pandas()
    first = headline(run)
wanted = answers[(answers.rule == "mean") & (answers.endpoint == first.endpoint) & (answers.target == first.target)]
columns = ["population", "regimen", "method", "direction", "dose", "lower", "upper", "window_end", "dose_unit"]
wanted.to_csv(csv_file, index=False, columns=columns)
print(wanted.pivot(index=["population", "regimen", "dose_unit"], columns="method", values="dose"))
