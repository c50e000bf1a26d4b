"""Trough concentrations of a virtual population at its lowest dose, by xarray: population_with_xarray.py RUN.h5

Values are read when they are used, so the population may be larger than the memory.
"""

import sys

from titrant_analysis import TABLES, open_run

with open_run(sys.argv[1]) as run:
    population = run.to_xarray("/scenario/base/daily")
    answers = TABLES["decisions"](run).to_pandas()
dose = answers.query("scenario == 'base' and regimen == 'daily'").minimal_dose.iloc[0]
trough = dose * population.concentration.isel(time=-1)
low, median, high = (float(trough.quantile(level)) for level in (0.05, 0.5, 0.95))
print(f"{dose:g} mg daily: {median:.2f} ng/mL at the end of an interval, {low:.2f} .. {high:.2f} in 90 % of subjects")
