"""Trough concentrations of a virtual population at its answer, by xarray: population_with_xarray.py RUN.h5

Values are read when they are used, so the population may be larger than the memory.
"""

import sys

from titrant_analysis import TABLES, headline, open_run

with open_run(sys.argv[1]) as run:
    first = headline(run)
    population = run.to_xarray(f"/population/{first.population}/{first.regimen}")
    answers = TABLES["decisions"](run).to_pandas()
    concentration = run.units.concentration
question = "population == @first.population and regimen == @first.regimen and endpoint == @first.endpoint"
answer = answers.query(question + " and target == @first.target and rule == 'mean'").iloc[0]
trough = answer.dose * population.concentration.isel(time=-1)
low, median, high = (float(trough.quantile(level)) for level in (0.05, 0.5, 0.95))
print(
    f"{answer.dose:g} {answer.dose_unit} {first.regimen}: {median:.2f} {concentration} at the end of an interval, "
    f"{low:.2f} .. {high:.2f} in 90 % of subjects"
)
