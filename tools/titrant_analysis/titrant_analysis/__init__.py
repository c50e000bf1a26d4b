"""Reads run stores of titrant and draws them.

>>> from titrant_analysis import open_run, dose_response
>>> with open_run("run.h5") as run:
...     figures = dose_response(run)
>>> figures[0].savefig("dose_response.pdf")
"""

from titrant_analysis.attainment_check import attainment_check
from titrant_analysis.calibration import learning_curves, reliability
from titrant_analysis.campaign import Campaign, campaign_table, open_campaign
from titrant_analysis.charts import CHARTS, Chart
from titrant_analysis.circuit import circuit
from titrant_analysis.comparison import Comparison, compare_runs
from titrant_analysis.convergence import convergence
from titrant_analysis.covariates import random_effects
from titrant_analysis.dose_response import dose_response, dose_response_panel
from titrant_analysis.exposure import exposure, exposure_panel
from titrant_analysis.fits import goodness_of_fit, predictive_check
from titrant_analysis.individual_doses import individual_doses
from titrant_analysis.parameters import parameters
from titrant_analysis.protocol import Question, dose_unit, headline, success
from titrant_analysis.roc import roc
from titrant_analysis.run import Panel, Run, RunError, open_run
from titrant_analysis.run_tables import TABLES, gather
from titrant_analysis.style import save
from titrant_analysis.table import decision_table
from titrant_analysis.tables import Column, Table
from titrant_analysis.training import training

__all__ = [
    "CHARTS",
    "TABLES",
    "Campaign",
    "Chart",
    "Column",
    "Comparison",
    "Panel",
    "Question",
    "Run",
    "RunError",
    "Table",
    "attainment_check",
    "campaign_table",
    "circuit",
    "compare_runs",
    "convergence",
    "decision_table",
    "dose_response",
    "dose_response_panel",
    "dose_unit",
    "exposure",
    "exposure_panel",
    "gather",
    "goodness_of_fit",
    "headline",
    "individual_doses",
    "learning_curves",
    "open_campaign",
    "open_run",
    "parameters",
    "predictive_check",
    "random_effects",
    "reliability",
    "roc",
    "save",
    "success",
    "training",
]
