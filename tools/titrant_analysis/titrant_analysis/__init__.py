"""Reads run stores of titrant and draws them.

>>> from titrant_analysis import open_run, dose_response
>>> with open_run("run.h5") as run:
...     axes = dose_response(run)
>>> axes[0, 0].figure.savefig("dose_response.pdf")
"""

from titrant_analysis.calibration import learning_curves, reliability
from titrant_analysis.campaign import Campaign, campaign_table, open_campaign
from titrant_analysis.charts import CHARTS, Chart
from titrant_analysis.circuit import circuit
from titrant_analysis.comparison import Comparison, compare_runs
from titrant_analysis.covariates import random_effects
from titrant_analysis.critical import critical_doses
from titrant_analysis.dose_response import dose_response, dose_response_panel
from titrant_analysis.exposure import exposure, exposure_panel
from titrant_analysis.fits import goodness_of_fit, predictive_check
from titrant_analysis.parameters import parameters
from titrant_analysis.responders import responders
from titrant_analysis.roc import roc
from titrant_analysis.run import Run, RunError, open_run
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
    "Run",
    "RunError",
    "Table",
    "campaign_table",
    "circuit",
    "compare_runs",
    "critical_doses",
    "decision_table",
    "dose_response",
    "dose_response_panel",
    "exposure",
    "exposure_panel",
    "gather",
    "goodness_of_fit",
    "learning_curves",
    "open_campaign",
    "open_run",
    "parameters",
    "predictive_check",
    "random_effects",
    "reliability",
    "responders",
    "roc",
    "save",
    "training",
]
